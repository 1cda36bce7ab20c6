#include "engine/ops/check/inspection.h"

#include <algorithm>
#include <utility>

#include "engine/store/atomic_file.h"

namespace unswept::engine {
namespace {

os::Result<std::vector<os::DirEntry>> read_entries(Directory& directory) {
  std::vector<os::DirEntry> entries;
  while (true) {
    const auto entry = directory.next();
    if (!entry) return os::fail(entry.error());
    if (*entry == nullptr) break;
    const auto type = directory.type_of(**entry);
    if (!type) continue;  // gone since it was listed
    entries.push_back({(*entry)->name, *type, true});
  }
  std::ranges::sort(entries, {}, &os::DirEntry::name);
  return entries;
}

}  // namespace

void Inspection::error(FindingKind kind, std::string_view path, std::string message) {
  report_.add({Severity::error, kind, std::string(store_.below_base(path)), std::move(message)});
}

void Inspection::remark(FindingKind kind, std::string_view path, std::string message) {
  report_.add({Severity::remark, kind, std::string(store_.below_base(path)), std::move(message)});
}

std::optional<Listing> Inspection::list(const std::string& path) {
  auto directory = Directory::open(system(), path);
  auto entries = directory ? read_entries(*directory) : os::fail(directory.error());
  if (entries) return Listing{std::move(*directory), std::move(*entries)};
  if (entries.error() != os::Errno::no_such_file_or_directory)
    error(FindingKind::unreadable, path, std::make_error_code(entries.error()).message());
  return std::nullopt;
}

std::optional<std::string> Inspection::read(const std::string& path, std::uint64_t limit) {
  const auto stat = system().stat(path);
  if (stat && stat->size > limit) {
    error(FindingKind::unreadable, path,
          "has " + std::to_string(stat->size) + " bytes, more than any file of its kind");
    return std::nullopt;
  }
  auto content = read_file(system(), path);
  if (content) return std::move(*content);
  if (content.error() != os::Errno::no_such_file_or_directory)
    error(FindingKind::unreadable, path, std::make_error_code(content.error()).message());
  return std::nullopt;
}

CheckReport Inspection::finish() {
  report_.missing_chunks = missing_.size();
  chunks_.for_each([this](const KnownChunk& chunk) {
    ++report_.chunks;
    report_.chunk_bytes += chunk.stored;
    if (chunk.is_referenced()) return;
    ++report_.orphans;
    report_.orphan_bytes += chunk.stored;
  });
  return std::move(report_);
}

Result<> Inspection::going_on() const {
  if (!system().interrupted()) return {};
  return fail(ErrorKind::aborted, "the check was interrupted");
}

bool is_temporary_name(std::string_view name) { return name.find(".tmp_") != std::string::npos; }

}  // namespace unswept::engine
