#include "engine/format/names.h"

#include <algorithm>
#include <charconv>

namespace unswept::engine {
namespace {

constexpr bool is_alphanumeric_or_underscore(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::invalid, std::move(message));
}

std::string quoted(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  return out.append("'").append(text).append("'");
}

/// Enough for most paths and names, so that building them allocates once.
constexpr std::size_t kUsualPathLength = 64;

/// The whole of `text` as an unsigned 64-bit number.
std::optional<std::uint64_t> as_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

bool is_safe_identifier(std::string_view name) {
  if (name.empty() || !is_alphanumeric_or_underscore(name.front())) return false;
  return std::all_of(name.begin() + 1, name.end(), [](char c) {
    return is_alphanumeric_or_underscore(c) || c == '.' || c == '-';
  });
}

bool is_datastore_name(std::string_view name) {
  return name.size() >= 3 && name.size() <= 32 && is_safe_identifier(name);
}

// --- namespaces --------------------------------------------------------------------------

Result<Namespace> Namespace::parse(std::string_view text) {
  Namespace ns;
  while (!text.empty()) {
    const auto slash = text.find('/');
    auto deeper = ns.child(text.substr(0, slash));
    if (!deeper) return deeper;
    ns = std::move(*deeper);
    if (slash == std::string_view::npos) break;
    text.remove_prefix(slash + 1);
    if (text.empty()) return invalid("a namespace must not end with '/'");
  }
  return ns;
}

std::size_t Namespace::depth() const {
  if (is_root()) return 0;
  return 1 + static_cast<std::size_t>(std::count(text_.begin(), text_.end(), '/'));
}

std::vector<std::string_view> Namespace::components() const {
  std::vector<std::string_view> out;
  std::string_view rest = text_;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    out.push_back(rest.substr(0, slash));
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
  return out;
}

std::string_view Namespace::name() const {
  const auto slash = text_.rfind('/');
  return std::string_view(text_).substr(slash == std::string::npos ? 0 : slash + 1);
}

Namespace Namespace::parent() const {
  Namespace above;
  const auto slash = text_.rfind('/');
  if (slash != std::string::npos) above.text_.assign(text_, 0, slash);
  return above;
}

Result<Namespace> Namespace::child(std::string_view component) const {
  if (!is_safe_identifier(component)) {
    return invalid("invalid namespace component " + quoted(component));
  }
  if (depth() >= kMaxDepth) {
    return invalid("namespace " + quoted(component) + " below " + quoted(text_) +
                   " would be too deep: at most " + std::to_string(kMaxDepth) + " levels");
  }
  if (text_.size() + component.size() + 1 > kMaxLength) {
    return invalid("namespace below " + quoted(text_) + " would be too long: at most " +
                   std::to_string(kMaxLength) + " characters");
  }
  Namespace deeper;
  deeper.text_.reserve(text_.size() + 1 + component.size());
  if (!is_root()) deeper.text_.append(text_).push_back('/');
  deeper.text_.append(component);
  return deeper;
}

bool Namespace::contains(const Namespace& other) const {
  if (is_root()) return true;
  if (!other.text_.starts_with(text_)) return false;
  return other.text_.size() == text_.size() || other.text_[text_.size()] == '/';
}

Result<Namespace> Namespace::map_prefix(const Namespace& from, const Namespace& to) const {
  if (!from.contains(*this)) {
    return invalid("namespace " + quoted(text_) + " is not below " + quoted(from.text_));
  }
  std::string_view rest = text_;
  rest.remove_prefix(from.text_.size());
  if (rest.starts_with('/')) rest.remove_prefix(1);
  Namespace mapped = to;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    auto deeper = mapped.child(rest.substr(0, slash));
    if (!deeper) return deeper;
    mapped = std::move(*deeper);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
  return mapped;
}

std::string Namespace::path() const {
  std::string out;
  append_path_prefix(out);
  if (!out.empty()) out.pop_back();
  return out;
}

void Namespace::append_path_prefix(std::string& out) const {
  std::string_view rest = text_;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    out.append("ns/").append(rest.substr(0, slash)).push_back('/');
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  }
}

// --- groups --------------------------------------------------------------------------------

std::string_view to_string(BackupType type) {
  return kBackupTypeNames[static_cast<std::size_t>(type)];
}

std::optional<BackupType> parse_backup_type(std::string_view text) {
  for (const BackupType type : kBackupTypes) {
    if (text == to_string(type)) return type;
  }
  return std::nullopt;
}

bool is_backup_id(std::string_view id) { return is_safe_identifier(id); }

Result<GroupId> GroupId::parse(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    return invalid("invalid group " + quoted(text) + ": expected TYPE/ID, for example vm/100");
  }
  const auto type = parse_backup_type(text.substr(0, slash));
  if (!type) return invalid("invalid group " + quoted(text) + ": the type is vm, ct or host");
  const auto id = text.substr(slash + 1);
  if (!is_backup_id(id)) return invalid("invalid group " + quoted(text) + ": invalid backup id");
  return GroupId{*type, std::string(id)};
}

std::string GroupId::path() const {
  std::string out;
  out.reserve(5 + id.size());
  append_path(out);
  return out;
}

void GroupId::append_path(std::string& out) const {
  out.append(to_string(type)).append("/").append(id);
}

std::strong_ordering GroupId::operator<=>(const GroupId& other) const {
  if (type != other.type) return type <=> other.type;
  const auto number = as_number(id);
  const auto other_number = as_number(other.id);
  if (number && other_number && *number != *other_number) return *number <=> *other_number;
  if (number.has_value() != other_number.has_value()) {
    return number ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return id <=> other.id;
}

// --- snapshots -----------------------------------------------------------------------------

Result<SnapshotId> SnapshotId::parse(std::string_view text) {
  const auto slash = text.rfind('/');
  if (slash == std::string_view::npos || slash == text.find('/')) {
    return invalid("invalid snapshot " + quoted(text) +
                   ": expected TYPE/ID/TIME, for example vm/100/2026-01-01T00:00:00Z");
  }
  auto group = GroupId::parse(text.substr(0, slash));
  if (!group) return std::unexpected(std::move(group.error()));
  auto time = SnapshotTime::parse(text.substr(slash + 1));
  if (!time) return std::unexpected(std::move(time.error()));
  return SnapshotId{std::move(*group), *time};
}

std::string SnapshotId::path() const {
  std::string out;
  out.reserve(6 + group.id.size() + SnapshotTime::kLength);
  append_path(out);
  return out;
}

void SnapshotId::append_path(std::string& out) const {
  group.append_path(out);
  out.append("/").append(time.text());
}

std::string group_path(const Namespace& ns, const GroupId& group) {
  std::string out;
  out.reserve(kUsualPathLength);
  ns.append_path_prefix(out);
  group.append_path(out);
  return out;
}

std::string snapshot_path(const Namespace& ns, const SnapshotId& snapshot) {
  std::string out;
  out.reserve(kUsualPathLength);
  ns.append_path_prefix(out);
  snapshot.append_path(out);
  return out;
}

std::string display_name(const Namespace& ns, const GroupId& group) {
  std::string out(ns.display_name());
  out.push_back(':');
  group.append_path(out);
  return out;
}

std::string display_name(const Namespace& ns, const SnapshotId& snapshot) {
  std::string out(ns.display_name());
  out.push_back(':');
  snapshot.append_path(out);
  return out;
}

// --- files ---------------------------------------------------------------------------------

std::string_view file_extension(std::string_view file_name) {
  const auto dot = file_name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || file_name == "..") return {};
  return file_name.substr(dot + 1);
}

std::optional<ArchiveKind> archive_kind(std::string_view file_name) {
  const auto extension = file_extension(file_name);
  if (extension == "fidx") return ArchiveKind::fixed;
  if (extension == "didx") return ArchiveKind::dynamic;
  if (extension == "blob") return ArchiveKind::blob;
  return std::nullopt;
}

Result<ArchiveKind> parse_archive_name(std::string_view file_name) {
  if (!is_safe_identifier(file_name)) return invalid("invalid archive name " + quoted(file_name));
  const auto kind = archive_kind(file_name);
  if (!kind) {
    return invalid("invalid archive name " + quoted(file_name) +
                   ": it must end in .fidx, .didx or .blob");
  }
  return *kind;
}

bool is_listed_file_name(std::string_view file_name) {
  if (file_name.find('\n') != std::string_view::npos) return false;
  return file_name.ends_with(".fidx") || file_name.ends_with(".didx") ||
         file_name.ends_with(".blob");
}

std::string index_temporary_name(std::string_view index_name) {
  const auto extension = file_extension(index_name);
  std::string out(index_name.substr(0, index_name.size() - extension.size()));
  return out.append("tmp_").append(extension);
}

}  // namespace unswept::engine
