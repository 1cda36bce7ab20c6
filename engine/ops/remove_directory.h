// engine/ops/remove_directory.h: a directory and all that is in it.
#pragma once

#include <string>
#include <string_view>

#include "engine/error.h"
#include "engine/os/system.h"

namespace unswept::engine {

/// Opens the directory, removes the file `first` in it (if it is named, and there), the other
/// entries as they are read, then the directory.
/// Symlinks are removed, not followed.  The first failure ends it, an entry that
/// somebody else removed in between included.
Result<> remove_directory(os::System& system, const std::string& path, std::string_view first = {});

}  // namespace unswept::engine
