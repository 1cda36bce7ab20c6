// engine/protocol/move_journal.h: the paths that moved indexes have, or are about to have.
//
// A file in the store's lock directory, one absolute index path and a newline per
// record.  Movers append before they rename; a collection reads it to the end and
// truncates it, under the same lock.  A record whose rename never happened names
// a file that is not there, and goes away with the next drain; so does the torn
// beginning of one, if it is the last thing in the file.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.h"
#include "engine/format/bytes.h"
#include "engine/function_ref.h"
#include "engine/os/system.h"

namespace unswept::engine {

inline constexpr std::chrono::milliseconds kMoveJournalWait{10'000};

class MoveJournal {
 public:
  MoveJournal(os::System& system, std::string path) : system_(system), path_(std::move(path)) {}

  /// Appends all paths with one write, or none.  An empty list does nothing at
  /// all.  Refuses a path that is not absolute, not UTF-8, or has a newline in it.
  Result<> append(std::span<const std::string> paths);

  /// Hands each record to `consume` and truncates after the last.  The first
  /// error ends the drain; the records stay.  The lock is held throughout.
  Result<> drain(FunctionRef<Result<>(std::string_view path)> consume);

  /// The records, under a shared lock; none if there is no journal.  Changes nothing.
  Result<std::vector<std::string>> read() const;

 private:
  Result<os::File> open_locked();
  Result<> write_or_undo(const os::File& file, ByteView records);
  Result<> lock(const os::File& file, os::LockKind kind) const;
  Result<std::string> read_content(const os::File& file) const;

  os::System& system_;
  std::string path_;
};

}  // namespace unswept::engine
