#include "engine/format/lock_names.h"

#include <algorithm>

#include "engine/format/hex.h"
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

std::string lock_directory(const Namespace& ns) {
  std::string out = ns.text();
  std::ranges::replace(out, '/', ':');
  if (!out.empty()) out.push_back('/');
  return out;
}

std::string lock_path(const Namespace& ns, const std::string& path) {
  std::string out = lock_directory(ns);
  const std::string encoded = encode_lock_name(path);
  if (encoded.size() < kLengthLimit) return out.append(encoded);
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
  out.reserve(path.size() + 16);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (c == '/') {
      out.push_back('-');
    } else if (stays(c, i == 0)) {
      out.push_back(c);
    } else {
      const auto byte = static_cast<std::uint8_t>(c);
      out.append("\\x");
      append_hex(out, {&byte, 1});
    }
  }
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
