// model/explore/trace.h: a run, as the list of answers that produce it.
//
// A trace is all it takes to repeat a run exactly: every answer of the oracle,
// in order.  As text it is one line of words, picks run-length coded:
//
//     0*12 1 1:directory_order=2/6 1*3 0
//
// says: actor 0 takes twelve steps, actor 1 one; actor 1's next step got answer
// 2 of 6 to a question about a directory's order; and so on.  (A choice belongs
// to the pick before it.)
//
// Thread safety: values, as usual.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "model/program.h"

namespace unswept::model {

/// One answer.
struct Decision {
  enum class What : std::uint8_t { pick, choose };
  What what = What::pick;
  ChoiceKind kind = ChoiceKind::data;  // choose only
  ActorId actor = kNoActor;            // pick: the answer; choose: who asked
  std::uint32_t answer = 0;            // choose only
  std::uint32_t count = 0;             // choose only: how many answers there were
  bool operator==(const Decision&) const = default;

  static Decision pick(ActorId actor) { return {What::pick, ChoiceKind::data, actor, 0, 0}; }
  static Decision choose(ActorId actor, ChoiceKind kind, std::uint32_t answer,
                         std::uint32_t count) {
    return {What::choose, kind, actor, answer, count};
  }
};

struct Trace {
  std::vector<Decision> decisions;
  bool operator==(const Trace&) const = default;
  bool empty() const { return decisions.empty(); }
};

/// The compact text form; parse_trace() is its inverse.
std::string to_text(const Trace& trace);
/// The trace, or a sentence that says which word is wrong.
std::expected<Trace, std::string> parse_trace(std::string_view text);

/// A JSON array: a number is a pick, {"actor", "kind", "answer", "of"} a choice.
std::string to_json(const Trace& trace);
std::expected<Trace, std::string> parse_trace_json(std::string_view json);

/// Steps of the trace (its picks).
std::size_t step_count(const Trace& trace);

}  // namespace unswept::model
