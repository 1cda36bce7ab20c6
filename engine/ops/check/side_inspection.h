// engine/ops/check/side_inspection.h: the small files around the snapshots: status, locks, journal.
#pragma once

#include "engine/ops/check/inspection.h"

namespace unswept::engine {

/// .lock, .gc-status, lock files and the move journal.
void inspect_side_files(Inspection& inspection);

}  // namespace unswept::engine
