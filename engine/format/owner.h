// engine/format/owner.h: who owns a group.
#pragma once

#include <string>
#include <string_view>

#include "engine/error.h"

namespace unswept::engine {

/// "user@realm" or "user@realm!token".
class AuthId {
 public:
  static Result<AuthId> parse(std::string_view text);

  /// root@pam, who owns what nobody else was named for.
  static AuthId root();

  const std::string& text() const { return text_; }
  bool is_token() const { return user_length_ != text_.size(); }
  /// "user@realm", without the token.
  std::string_view user() const { return std::string_view(text_).substr(0, user_length_); }

  bool operator==(const AuthId&) const = default;

 private:
  std::string text_;
  std::size_t user_length_ = 0;
};

/// True when `caller` is `owner`, or the user whose token `owner` is.
bool owns(const AuthId& owner, const AuthId& caller);

/// The content of an `owner` file: the first line counts, trailing white space does not.
Result<AuthId> parse_owner_file(std::string_view content);
std::string print_owner_file(const AuthId& owner);

}  // namespace unswept::engine
