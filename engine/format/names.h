// engine/format/names.h: the names a datastore is made of, and the paths they stand for.
//
// Namespace, GroupId and SnapshotId are values that were checked when they were
// parsed: whoever holds one may put its path below the base directory without
// looking again.  Paths are relative to the base directory of the store and have
// no leading or trailing slash; the path of the root namespace is empty.
//
// All of this runs on the checker's hot path, so names keep their printed form
// and append_path() builds paths in a buffer of the caller.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/error.h"

namespace unswept::engine {

/// [A-Za-z0-9_][A-Za-z0-9._-]*: namespace components, backup ids, archive, store and realm names.
bool is_safe_identifier(std::string_view name);

/// A safe identifier of 3 to 32 characters.
bool is_datastore_name(std::string_view name);

/// A place in the tree of namespaces, at most kMaxDepth below the root.
class Namespace {
 public:
  static constexpr std::size_t kMaxDepth = 7;
  static constexpr std::size_t kMaxLength = 256;
  /// What the *create namespace* operation allows for a new component; names on disk may be longer.
  static constexpr std::size_t kMaxNewComponent = 32;

  /// The root.
  Namespace() = default;

  /// From the printed form; the empty string is the root.
  static Result<Namespace> parse(std::string_view text);

  bool is_root() const { return text_.empty(); }
  std::size_t depth() const;
  /// The printed form: components joined with "/", empty for the root.
  const std::string& text() const { return text_; }
  /// The printed form for people: "root" for the root.
  std::string_view display_name() const { return is_root() ? "root" : std::string_view(text_); }
  /// The components; they point into this object.
  std::vector<std::string_view> components() const;
  /// The last component; empty for the root.
  std::string_view name() const;

  /// The root is its own parent.
  Namespace parent() const;
  /// Fails when `component` is no safe identifier, or the result is too deep or too long.
  Result<Namespace> child(std::string_view component) const;

  /// True when this is `other` or above it.
  bool contains(const Namespace& other) const;
  /// This namespace with the prefix `from` replaced by `to`.
  Result<Namespace> map_prefix(const Namespace& from, const Namespace& to) const;

  /// "ns/a/ns/b"; empty for the root.
  std::string path() const;
  /// path() and, unless it is empty, a slash: what goes before a group's path.
  void append_path_prefix(std::string& out) const;

  bool operator==(const Namespace&) const = default;
  auto operator<=>(const Namespace& other) const { return text_ <=> other.text_; }

 private:
  std::string text_;
};

/// In the order in which types are sorted.
enum class BackupType : std::uint8_t { ct, host, vm };

inline constexpr std::array<BackupType, 3> kBackupTypes = {BackupType::ct, BackupType::host,
                                                           BackupType::vm};
/// The names of their directories.
inline constexpr std::array<std::string_view, 3> kBackupTypeNames = {"ct", "host", "vm"};

std::string_view to_string(BackupType type);
std::optional<BackupType> parse_backup_type(std::string_view text);

/// A backup id has no length limit but the file system's.
bool is_backup_id(std::string_view id);

/// A group within its namespace.
struct GroupId {
  BackupType type = BackupType::vm;
  std::string id;

  /// "vm/100".
  static Result<GroupId> parse(std::string_view text);

  /// "vm/100", which is also its path below the namespace's directory.
  std::string path() const;
  void append_path(std::string& out) const;

  bool operator==(const GroupId&) const = default;
  /// By type, then numeric ids by value, then the other ids by their bytes.
  std::strong_ordering operator<=>(const GroupId& other) const;
};

/// When a snapshot was taken, in the words of its directory name.  The name as
/// it was found stays: it need not be what print() makes of the seconds.
class SnapshotTime {
 public:
  static constexpr std::size_t kLength = 20;

  /// 1970-01-01T00:00:00Z.
  SnapshotTime();

  /// True when a listing takes `name` for a snapshot; parse() may still refuse it.
  static bool matches(std::string_view name);
  static Result<SnapshotTime> parse(std::string_view name);
  /// Fails outside of the years 0 to 9999.
  static Result<SnapshotTime> from_seconds(std::int64_t seconds);

  std::int64_t seconds() const { return seconds_; }
  std::string_view text() const { return {text_.data(), text_.size()}; }

  bool operator==(const SnapshotTime&) const = default;
  auto operator<=>(const SnapshotTime& other) const {
    return std::tie(seconds_, text_) <=> std::tie(other.seconds_, other.text_);
  }

 private:
  std::int64_t seconds_ = 0;
  std::array<char, kLength> text_;
};

/// A snapshot within its namespace.
struct SnapshotId {
  GroupId group;
  SnapshotTime time;

  /// "vm/100/2026-01-01T00:00:00Z".
  static Result<SnapshotId> parse(std::string_view text);

  /// The same text, which is also its path below the namespace's directory.
  std::string path() const;
  void append_path(std::string& out) const;

  bool operator==(const SnapshotId&) const = default;
  auto operator<=>(const SnapshotId&) const = default;
};

/// "ns/a/vm/100" and "ns/a/vm/100/2026-01-01T00:00:00Z".
std::string group_path(const Namespace& ns, const GroupId& group);
std::string snapshot_path(const Namespace& ns, const SnapshotId& snapshot);

/// What points, logs and reports call them: "a:vm/100", and "root:vm/100" for the root.
std::string display_name(const Namespace& ns, const GroupId& group);
std::string display_name(const Namespace& ns, const SnapshotId& snapshot);

// --- files of a snapshot -------------------------------------------------------------------

inline constexpr std::string_view kManifestName = "index.json.blob";
inline constexpr std::string_view kClientLogName = "client.log.blob";
inline constexpr std::string_view kProtectedName = ".protected";
inline constexpr std::string_view kOwnerName = "owner";
inline constexpr std::string_view kNotesName = "notes";
inline constexpr std::string_view kGcStatusName = ".gc-status";
inline constexpr std::string_view kChunksName = ".chunks";
inline constexpr std::string_view kProcessLockName = ".lock";

enum class ArchiveKind : std::uint8_t { fixed, dynamic, blob };

/// What follows the last dot; empty when there is none or nothing stands before it.
std::string_view file_extension(std::string_view file_name);

/// By the extension .fidx, .didx or .blob; the stem is not looked at.
std::optional<ArchiveKind> archive_kind(std::string_view file_name);

constexpr bool is_index(ArchiveKind kind) { return kind != ArchiveKind::blob; }

/// A safe identifier with one of the three extensions.
Result<ArchiveKind> parse_archive_name(std::string_view file_name);

/// True when a listing of snapshots with their files takes `file_name` (the stem may be empty).
bool is_listed_file_name(std::string_view file_name);

/// Where an index is written before it gets its name: "x.tmp_fidx" for "x.fidx".
std::string index_temporary_name(std::string_view index_name);

}  // namespace unswept::engine
