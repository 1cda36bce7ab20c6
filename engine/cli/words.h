// engine/cli/words.h: a command line as words that remember where they stood.
//
// Words are separated by blanks.  'single' and "double" quotes keep blanks and
// may make an empty word; a backslash outside single quotes keeps the next
// character.  There are no variables, patterns or comments.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

namespace unswept::engine {

struct Word {
  std::string text;
  std::size_t column = 1;  // of its first byte in the line, quotes included; from 1
};

struct WordsError {
  std::size_t column = 1;
  std::string message;
};

std::expected<std::vector<Word>, WordsError> split_words(std::string_view line);

}  // namespace unswept::engine
