// engine/cli/symlink_guard.h: commands do not reach through symlinks.
//
// Listings pass over a namespace, a group or a snapshot that is a symlink, and so
// does garbage collection: what is put behind one is swept, and what lies behind
// one is not the store's.  Who names such a place hears of it.
#pragma once

#include "engine/cli/command.h"
#include "engine/error.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Refused if a directory between the base of the store and what `command` names is a symlink.
Result<> check_no_symlinks(const Datastore& store, const Command& command);

}  // namespace unswept::engine
