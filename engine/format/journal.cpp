#include "engine/format/journal.h"

#include "engine/format/bytes.h"

namespace unswept::engine {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kWhiteSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhiteSpace) - first + 1);
}

std::unexpected<Error> refuse(std::string_view path, std::string_view why) {
  std::string message = "cannot record '";
  message.append(path).append("' in the move journal: ").append(why);
  return fail(ErrorKind::invalid, std::move(message));
}

}  // namespace

Result<> append_journal_record(std::string& out, std::string_view path) {
  if (!path.starts_with('/')) return refuse(path, "the path is not absolute");
  if (path.find('\n') != std::string_view::npos) return refuse(path, "the path has a newline");
  if (!is_utf8(path)) return refuse(path, "the path is not UTF-8");
  out.append(path).push_back('\n');
  return {};
}

std::optional<std::string_view> JournalReader::next() {
  while (!rest_.empty()) {
    const auto newline = rest_.find('\n');
    const std::string_view line = trimmed(rest_.substr(0, newline));
    rest_.remove_prefix(newline == std::string_view::npos ? rest_.size() : newline + 1);
    if (!line.empty()) return line;
  }
  return std::nullopt;
}

}  // namespace unswept::engine
