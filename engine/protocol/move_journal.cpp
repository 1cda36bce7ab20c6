#include "engine/protocol/move_journal.h"

#include "engine/format/bytes.h"
#include "engine/format/index.h"
#include "engine/format/journal.h"
#include "engine/points.h"
#include "engine/store/atomic_file.h"
#include "engine/store/directory.h"
#include "engine/store/lock_file.h"

namespace unswept::engine {

namespace {

Result<std::string> print_records(std::span<const std::string> paths) {
  // Were the last writer cut off in the middle of a record, ours would go on where it ended, and
  // name a file that never was.  Readers pass over blank lines.
  std::string buffer = "\n";
  for (const std::string& path : paths)
    if (auto added = append_journal_record(buffer, path); !added) return forward_error(added);
  return buffer;
}

/// What can only be the beginning of a record: its writer did not come to the end of it, and so not
/// to the rename.
bool is_torn(std::string_view line) {
  return !is_utf8(line) || !line.starts_with('/') || !index_kind(line.substr(line.rfind('/') + 1));
}

/// Takes away a last line that has no newline and is torn.
void drop_torn_end(std::string& content) {
  const auto newline = content.rfind('\n');
  const std::size_t last_line = newline == std::string::npos ? 0 : newline + 1;
  if (is_torn(std::string_view(content).substr(last_line))) content.resize(last_line);
}

}  // namespace

Result<> MoveJournal::lock(const os::File& file, os::LockKind kind) const {
  auto locked = system_.flock(file.fd(), kind, os::Wait::at_most(kMoveJournalWait));
  if (locked) return {};
  if (locked.error() == os::Errno::timed_out)
    return fail(ErrorKind::lock_conflict,
                "move journal " + path_ + " is locked by somebody else; try again later",
                locked.error());
  return os_failure(locked.error(), "lock move journal", path_);
}

Result<os::File> MoveJournal::open_locked() {
  const std::string_view parent = std::string_view(path_).substr(0, path_.rfind('/'));
  if (auto made = make_directories(system_, parent); !made)
    return os_failure(made.error(), "create directory", parent);
  auto file = open_lock_file(system_, path_);
  if (!file) return os_failure(file.error(), "open move journal", path_);
  if (auto locked = lock(*file, os::LockKind::exclusive); !locked) return forward_error(locked);
  return std::move(*file);
}

Result<> MoveJournal::append(std::span<const std::string> paths) {
  if (paths.empty()) return {};
  auto buffer = print_records(paths);
  if (!buffer) return forward_error(buffer);
  auto file = open_locked();
  if (!file) return forward_error(file);
  return write_or_undo(*file, as_bytes(*buffer));
}

/// One write: a reader that gets the lock after us finds all records or, after a crash, a part
/// whose renames have not begun.  Where the space ends in the middle, that part is taken back.
Result<> MoveJournal::write_or_undo(const os::File& file, ByteView records) {
  std::size_t done = 0;
  os::Errno failure{};
  while (done < records.size() && failure == os::Errno{}) {
    const auto written = system_.write(file.fd(), records.subspan(done));
    if (!written || *written == 0) failure = written ? os::Errno::io_error : written.error();
    if (written) done += *written;
  }
  if (failure == os::Errno{}) return {};
  if (done > 0) {
    // Under the lock nobody else can have appended.
    const auto stat = system_.fstat(file.fd());
    if (stat && stat->size >= done) (void)system_.truncate(file.fd(), stat->size - done);
  }
  return os_failure(failure, "write move journal", path_);
}

Result<std::string> MoveJournal::read_content(const os::File& file) const {
  auto content = read_all(system_, file.fd());
  if (!content) return os_failure(content.error(), "read move journal", path_);
  drop_torn_end(*content);
  if (!is_utf8(*content))
    return fail(ErrorKind::invalid, "move journal " + path_ + " is not UTF-8");
  return std::move(*content);
}

Result<> MoveJournal::drain(FunctionRef<Result<>(std::string_view path)> consume) {
  auto file = open_locked();
  if (!file) return forward_error(file);
  system_.point(points::gc_journal_locked);
  if (auto sought = system_.seek(file->fd(), 0); !sought)
    return os_failure(sought.error(), "read move journal", path_);
  auto content = read_content(*file);
  if (!content) return forward_error(content);
  JournalReader reader(*content);
  while (auto record = reader.next())
    if (auto consumed = consume(*record); !consumed) return consumed;
  if (auto emptied = system_.truncate(file->fd(), 0); !emptied)
    return os_failure(emptied.error(), "empty move journal", path_);
  return {};
}

Result<std::vector<std::string>> MoveJournal::read() const {
  const auto file = os::open_file(system_, path_, os::Open::read);
  if (!file && file.error() == os::Errno::no_such_file_or_directory)
    return std::vector<std::string>();
  if (!file) return os_failure(file.error(), "open move journal", path_);
  if (auto locked = lock(*file, os::LockKind::shared); !locked) return forward_error(locked);
  auto content = read_content(*file);
  if (!content) return forward_error(content);
  std::vector<std::string> records;
  JournalReader reader(*content);
  while (auto record = reader.next()) records.emplace_back(*record);
  return records;
}

}  // namespace unswept::engine
