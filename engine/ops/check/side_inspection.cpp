#include "engine/ops/check/side_inspection.h"

#include <string>
#include <utility>

#include "engine/format/gc_status.h"
#include "engine/format/lock_names.h"
#include "engine/ops/journal_list.h"
#include "engine/store/index_file.h"

namespace unswept::engine {
namespace {

constexpr std::uint64_t kLongestStatus = 1 << 20;
/// Namespaces are one level deep, hashed names and chunks two.
constexpr int kLockDirectoryDepth = 3;

void inspect_process_lock(Inspection& inspection) {
  const std::string path = inspection.store().base() + '/' + std::string(kProcessLockName);
  const auto stat = inspection.system().stat(path);
  if (!stat) {
    inspection.remark(FindingKind::missing_file, path, "is missing; the next operation makes it");
  } else if (stat->type != os::FileType::regular) {
    inspection.error(FindingKind::bad_name, path,
                     "is no file; backups and garbage collection cannot lock the store");
  }
}

void inspect_status(Inspection& inspection) {
  const std::string path = inspection.store().base() + '/' + std::string(kGcStatusName);
  if (!inspection.store().exists(path)) return;
  const auto content = inspection.read(path, kLongestStatus);
  // A collection that found nothing at all has a status all the same, in these very bytes or more.
  const bool understood =
      !content || GcStatus::parse(*content) != GcStatus{} || *content == GcStatus{}.print();
  if (!understood)
    inspection.remark(FindingKind::bad_status, path,
                      "cannot be understood; the next gc replaces it");
}

void inspect_lock_file(Inspection& inspection, const std::string& path, const os::DirEntry& entry) {
  if (is_temporary_name(entry.name))
    return inspection.remark(FindingKind::temporary_file, path, "a temporary file");
  const auto stat = inspection.system().stat(path, os::Follow::no);
  if (!stat) return;
  if (stat->type == os::FileType::regular && stat->size == 0) {
    ++inspection.report().lock_files;
  } else {
    inspection.remark(FindingKind::stray, path, "is no lock file: those are empty");
  }
}

void inspect_locks(Inspection& inspection, const std::string& directory, int depth) {
  const auto listing = inspection.list(directory);
  if (!listing) return;
  for (const os::DirEntry& entry : listing->entries) {
    const std::string path = directory + '/' + entry.name;
    if (path == inspection.store().move_journal_path()) continue;
    if (entry.type != os::FileType::directory) {
      inspect_lock_file(inspection, path, entry);
    } else if (depth > 1) {
      inspect_locks(inspection, path, depth - 1);
    }
  }
}

/// Why a collection cannot work on a record; empty if it can.
std::string problem_of(Inspection& inspection, const PendingMove& record) {
  if (!record.problem.empty() || !record.exists) return record.problem;
  const auto index = IndexFile::open(inspection.system(), record.path);
  return index ? std::string() : index.error().message;
}

void inspect_journal(Inspection& inspection) {
  const auto records = pending_moves(inspection.store());
  const std::string journal = inspection.store().move_journal_path();
  if (!records) {
    inspection.error(FindingKind::bad_journal, journal, records.error().message);
    return;
  }
  inspection.report().pending_moves = records->size();
  for (const PendingMove& record : *records) {
    if (const std::string problem = problem_of(inspection, record); !problem.empty()) {
      inspection.error(
          FindingKind::bad_journal, journal,
          record.path + ": " + problem + "; garbage collection refuses to run with it there");
    } else {
      inspection.remark(FindingKind::pending_move, record.path,
                        record.exists ? "was moved; the next gc marks its chunks again"
                                      : "was announced and is not there (any more)");
    }
  }
}

}  // namespace

void inspect_side_files(Inspection& inspection) {
  inspect_process_lock(inspection);
  inspect_status(inspection);
  const std::string journal = inspection.store().move_journal_path();
  inspect_locks(inspection, journal.substr(0, journal.rfind('/')), kLockDirectoryDepth);
  inspect_journal(inspection);
}

}  // namespace unswept::engine
