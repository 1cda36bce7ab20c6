// engine/store/walk.h: a walk over everything below a directory that is not hidden.
//
// Directories come before their content, in directory order, and are read as the
// walk proceeds, so what is renamed meanwhile may be met twice or not at all.
// Symlinks are not followed.  What vanishes under the walk is left out.  At most
// ten directories are open at a time; beyond that the rest of the outermost one
// is read into memory.
#pragma once

#include <string>

#include "engine/error.h"
#include "engine/function_ref.h"
#include "engine/os/knowledge.h"
#include "engine/os/system.h"

namespace unswept::engine {

/// Calls `visit` with the absolute path of each directory and each index file
/// (whatever its type) below `root`, but for names that start with a dot and what
/// lies below them.  The first error of `visit` ends the walk.  If `caller` tells what its caller
/// knows and `visit` has found, a directory is forgotten when all of it was visited.
Result<> walk_tree(os::System& system, const std::string& root,
                   FunctionRef<Result<>(const std::string& path)> visit,
                   const os::Knows* caller = nullptr);

}  // namespace unswept::engine
