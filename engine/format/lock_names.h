// engine/format/lock_names.h: which file stands for the lock on what.
//
// All paths are relative to the lock directory of the store, and bytes that could
// be trouble in a file name are escaped as `systemd-escape` does it.
#pragma once

#include <string>
#include <string_view>

#include "engine/format/digest.h"
#include "engine/format/names.h"

namespace unswept::engine {

/// The escaped form of a relative path; "-" when nothing but slashes is there.
std::string encode_lock_name(std::string_view path);

std::string group_lock_path(const Namespace& ns, const GroupId& group);
std::string snapshot_lock_path(const Namespace& ns, const SnapshotId& snapshot);
std::string manifest_lock_path(const Namespace& ns, const SnapshotId& snapshot);

inline constexpr std::string_view kMoveJournalName = "move-journal";

}  // namespace unswept::engine
