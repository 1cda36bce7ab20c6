// tests/house/includes.h: who may include whom (ARCHITECTURE.md, "Who may know whom").
#pragma once

#include "tests/house/source_tree.h"

namespace unswept::house {

/// Includes of `file` that run against the allowed directions, that are not written from the
/// repository root, or that give the engine effects which do not go through engine/os.
Problems include_problems(const SourceFile& file);

}  // namespace unswept::house
