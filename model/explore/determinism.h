// model/explore/determinism.h: does the same trace give the same run?
//
// Everything the explorers conclude rests on it.  They notice when a run they repeat differs from
// what it was, but they repeat only parts of runs, and walks repeat nothing.
//
// Thread safety: as Program, none.
#pragma once

#include <optional>

#include "model/explore/replay.h"

namespace unswept::model {

/// After an execution that `trace` tells and that ended in `ending`: runs it twice more, both times
/// from the beginning, and compares these two step by step, and their end with that of the
/// execution itself.  The first difference, if there is one.
std::optional<Divergence> find_nondeterminism(Program& program, const Trace& trace,
                                              const Ending& ending);

}  // namespace unswept::model
