// engine/ops/remove_directory.h: a directory and all that is in it.
#pragma once

#include <string>

#include "engine/error.h"
#include "engine/os/system.h"

namespace unswept::engine {

/// Opens the directory, removes its entries as they are read, then the directory.
/// Symlinks are removed, not followed.  The first failure ends it, an entry that
/// somebody else removed in between included.
Result<> remove_directory(os::System& system, const std::string& path);

}  // namespace unswept::engine
