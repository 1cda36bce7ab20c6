#include "model/explore/determinism.h"

namespace unswept::model {

std::optional<Divergence> find_nondeterminism(Program& program, const Trace& trace,
                                              const Ending& ending) {
  constexpr ReplayOptions kOptions{.describe = false, .afterwards = Afterwards::stop};
  const Fingerprint final_fingerprint = program.final_fingerprint();
  const RecordedRun first = replay(program, trace, kOptions);
  if (first.divergence) return first.divergence;
  const RecordedRun second = replay(program, trace, kOptions);
  if (second.divergence) return second.divergence;
  if (auto difference = first_difference(first, second)) return difference;
  // The execution itself may have begun in the middle, and kept no record of its steps.
  RecordedRun explored = first;
  explored.trace = trace;
  explored.ending = ending;
  explored.final_fingerprint = final_fingerprint;
  return first_difference(explored, first);
}

}  // namespace unswept::model
