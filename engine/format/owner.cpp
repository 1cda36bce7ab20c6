#include "engine/format/owner.h"

#include <algorithm>

#include "engine/format/bytes.h"
#include "engine/format/names.h"

namespace unswept::engine {
namespace {

constexpr std::size_t kMinLength = 3;
constexpr std::size_t kMaxLength = 64;

bool is_control(char c) { return (c >= 0 && c < ' ') || c == 0x7f; }

bool is_user_name(std::string_view name) {
  return !name.empty() && std::ranges::none_of(name, [](char c) {
    return is_control(c) || c == ' ' || c == ':' || c == '/';
  });
}

/// UTF-8 characters: bytes that do not continue one.
std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::unexpected<Error> invalid(std::string_view text, std::string_view why) {
  std::string message = "invalid owner '";
  message.append(text).append("': ").append(why);
  return fail(ErrorKind::invalid, std::move(message));
}

}  // namespace

Result<AuthId> AuthId::parse(std::string_view text) {
  const std::size_t length = character_count(text);
  if (length < kMinLength || length > kMaxLength) {
    return invalid(text, "it must have 3 to 64 characters");
  }
  if (!is_utf8(text)) return fail(ErrorKind::invalid, "invalid owner: it is not UTF-8");
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return invalid(text, "expected user@realm");
  if (!is_user_name(text.substr(0, at))) return invalid(text, "the user name is not valid");
  const auto mark = text.find('!', at);
  const std::size_t user_length = std::min(mark, text.size());
  if (!is_safe_identifier(text.substr(at + 1, user_length - at - 1))) {
    return invalid(text, "the realm is not valid");
  }
  if (mark != std::string_view::npos && !is_safe_identifier(text.substr(mark + 1))) {
    return invalid(text, "the token name is not valid");
  }
  AuthId id;
  id.text_ = text;
  id.user_length_ = user_length;
  return id;
}

AuthId AuthId::root() {
  AuthId id;
  id.text_ = "root@pam";
  id.user_length_ = id.text_.size();
  return id;
}

bool owns(const AuthId& owner, const AuthId& caller) {
  return owner == caller ||
         (owner.is_token() && !caller.is_token() && owner.user() == caller.user());
}

Result<AuthId> parse_owner_file(std::string_view content) {
  std::string_view line = content.substr(0, content.find('\n'));
  const auto last = line.find_last_not_of(" \t\r\v\f");
  return AuthId::parse(line.substr(0, last == std::string_view::npos ? 0 : last + 1));
}

std::string print_owner_file(const AuthId& owner) { return owner.text() + '\n'; }

}  // namespace unswept::engine
