// model/explore/relinearize.h: the same Mazurkiewicz trace with fewer switches (internal).
#pragma once

#include "model/dependence.h"
#include "model/explore/replay.h"
#include "model/explore/trace.h"

namespace unswept::model {

/// The steps of `run` in an order that respects its happens-before relation and
/// interrupts actors as rarely as possible.  With more than two actors the search
/// is bounded, and the order may not be the best one.
Trace relinearize(const RecordedRun& run, const Dependence& dependence);

}  // namespace unswept::model
