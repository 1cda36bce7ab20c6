#include "engine/format/lock_names.h"

#include <algorithm>

#include "engine/format/sha256.h"

namespace unswept::engine {
namespace {

/// An escaped name of this length or more is replaced by its hashed form.
constexpr std::size_t kLengthLimit = 255;
constexpr std::size_t kHashedPart = 80;

bool stays(char c, bool first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         (c == '.' && !first);
}

/// "\\x2d" for a dash.
char* put_escape(char* to, unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  *to++ = '\\';
  *to++ = 'x';
  *to++ = kDigits[byte >> 4];
  *to++ = kDigits[byte & 15];
  return to;
}

void append_lock_directory(std::string& out, const Namespace& ns) {
  if (ns.is_root()) return;
  for (const char c : ns.text()) out.push_back(c == '/' ? ':' : c);
  out.push_back('/');
}

/// Appends the escaped form of a path without leading slashes that is not empty.
void append_encoded(std::string& out, std::string_view path) {
  constexpr std::size_t kLongestEscape = 4;
  const std::size_t start = out.size();
  out.resize(start + kLongestEscape * path.size());
  char* to = out.data() + start;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '/') {
      *to++ = '-';
    } else if (stays(c, i == 0)) {
      *to++ = c;
    } else {
      to = put_escape(to, static_cast<unsigned char>(c));
    }
  }
  out.resize(static_cast<std::size_t>(to - out.data()));
}

std::string lock_path(const Namespace& ns, std::string_view path) {
  std::string out;
  append_lock_directory(out, ns);
  const std::size_t start = out.size();
  append_encoded(out, path);
  if (out.size() - start < kLengthLimit) return out;

  const std::string encoded = out.substr(start);
  out.resize(start);
  out.append("hashed/")
      .append(encoded, 0, kHashedPart)
      .append("...")
      .append(encoded, encoded.size() - kHashedPart)
      .append("-");
  sha256(as_bytes(path)).append_hex(out);
  return out;
}

}  // namespace

std::string encode_lock_name(std::string_view path) {
  path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
  if (path.empty()) return "-";
  std::string out;
  append_encoded(out, path);
  return out;
}

std::string group_lock_path(const Namespace& ns, const GroupId& group) {
  return lock_path(ns, group.path());
}

std::string snapshot_lock_path(const Namespace& ns, const SnapshotId& snapshot) {
  return lock_path(ns, snapshot.path());
}

std::string manifest_lock_path(const Namespace& ns, const SnapshotId& snapshot) {
  return lock_path(ns, snapshot.path().append("/.index.json.lck"));
}

}  // namespace unswept::engine
