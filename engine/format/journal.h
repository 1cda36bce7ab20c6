// engine/format/journal.h: the lines of the move journal.
//
// One absolute path of an index file per line: where the file will be after the
// rename that the record announces.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/error.h"

namespace unswept::engine {

/// Appends the record for `path` to `out`.  Refuses a path that is relative, not UTF-8, or has a
/// newline in it.
Result<> append_journal_record(std::string& out, std::string_view path);

/// The records of a journal, one by one, without surrounding white space; blank lines are skipped.
class JournalReader {
 public:
  explicit JournalReader(std::string_view content) : rest_(content) {}
  std::optional<std::string_view> next();

 private:
  std::string_view rest_;
};

}  // namespace unswept::engine
