// engine/cli/store_config.h: which store the tool works on, and where its locks are.
//
// Lock files only help when everybody who works on a store finds the same ones.
// As root the tool therefore looks where Proxmox Backup Server does, for a store
// of the same name; other users have a place of their own.
#pragma once

#include "engine/cli/invocation.h"
#include "engine/error.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

/// Base directory without symlinks, name and lock directory as typed or by default.
Result<StoreConfig> store_config(const GlobalOptions& options);

}  // namespace unswept::engine
