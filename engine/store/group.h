// engine/store/group.h: a group's directory and the small files in it.
#pragma once

#include <optional>
#include <string>

#include "engine/error.h"
#include "engine/format/names.h"
#include "engine/format/owner.h"
#include "engine/store/datastore.h"
#include "engine/store/lock_file.h"

namespace unswept::engine {

/// A group that was made or found, locked.
struct LockedGroup {
  LockFile lock;
  bool created = false;
  AuthId owner;  // as read back
};

/// Makes the group directory with its owner, or opens the one that is there, and
/// takes its lock.  lock_conflict if the lock is not to be had; a directory that
/// was just made is removed again then.  A directory that was made by somebody who
/// was killed before it had an owner, and holds nothing, is as good as a new one.
Result<LockedGroup> create_or_open_group(const Datastore& store, const Namespace& ns,
                                         const GroupId& group, const AuthId& owner);

/// The auth id in the group's `owner` file; missing or malformed is an error.
Result<AuthId> read_owner(const Datastore& store, const Namespace& ns, const GroupId& group);

/// The group's notes; nothing if there are none.
Result<std::optional<std::string>> read_group_notes(const Datastore& store, const Namespace& ns,
                                                    const GroupId& group);

}  // namespace unswept::engine
