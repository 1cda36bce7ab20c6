// model/explore/path_trace.h: the trace of a depth-first search's current path (internal).
#pragma once

#include <cstdint>
#include <vector>

#include "model/explore/choice_stack.h"
#include "model/explore/trace.h"

namespace unswept::model {

/// `Frame` has `picked` and `choices_begin`; the first `steps` frames were taken.
template <class Frame>
Trace trace_of_path(const std::vector<Frame>& frames, const ChoiceStack& choices,
                    std::uint64_t steps) {
  Trace trace;
  for (std::size_t i = 0; i < steps; ++i) {
    trace.decisions.push_back(Decision::pick(frames[i].picked));
    const std::size_t end = i + 1 < frames.size() ? frames[i + 1].choices_begin : choices.size();
    for (std::size_t c = frames[i].choices_begin; c < end; ++c)
      trace.decisions.push_back(
          Decision::choose(frames[i].picked, choices[c].kind, choices[c].answer, choices[c].count));
  }
  return trace;
}

}  // namespace unswept::model
