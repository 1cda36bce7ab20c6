#include "engine/cli/words.h"

namespace unswept::engine {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class Splitter {
 public:
  explicit Splitter(std::string_view line) : line_(line) {}

  std::expected<std::vector<Word>, WordsError> split() {
    std::vector<Word> words;
    while (skip_blanks()) {
      auto word = take_word();
      if (!word) return std::unexpected(std::move(word.error()));
      words.push_back(std::move(*word));
    }
    return words;
  }

 private:
  bool skip_blanks() {
    while (at_ < line_.size() && is_blank(line_[at_])) ++at_;
    return at_ < line_.size();
  }

  std::expected<Word, WordsError> take_word() {
    Word word{{}, at_ + 1};
    while (at_ < line_.size() && !is_blank(line_[at_])) {
      const char c = line_[at_];
      if (c == '\'' || c == '"') {
        if (!take_quoted(c, word.text)) {
          return std::unexpected(WordsError{quote_column_, "this quote is never closed"});
        }
      } else if (c == '\\' && at_ + 1 < line_.size()) {
        word.text += line_[at_ + 1];
        at_ += 2;
      } else {
        word.text += c;
        ++at_;
      }
    }
    return word;
  }

  bool take_quoted(char quote, std::string& text) {
    quote_column_ = at_ + 1;
    for (++at_; at_ < line_.size(); ++at_) {
      if (line_[at_] == quote) {
        ++at_;
        return true;
      }
      if (quote == '"' && line_[at_] == '\\' && at_ + 1 < line_.size()) ++at_;
      text += line_[at_];
    }
    return false;
  }

  std::string_view line_;
  std::size_t at_ = 0;
  std::size_t quote_column_ = 1;
};

}  // namespace

std::expected<std::vector<Word>, WordsError> split_words(std::string_view line) {
  return Splitter(line).split();
}

}  // namespace unswept::engine
