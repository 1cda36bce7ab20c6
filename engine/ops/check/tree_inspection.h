// engine/ops/check/tree_inspection.h: namespaces, groups and snapshots, and what lies beside them.
#pragma once

#include "engine/error.h"
#include "engine/ops/check/inspection.h"

namespace unswept::engine {

/// Everything below the base directory but the chunks.
Result<> inspect_tree(Inspection& inspection);

}  // namespace unswept::engine
