// scenarios/promises/names.h: the promises that can be checked.  The names are public API.
#pragma once

#include <array>
#include <string_view>

#include "model/explore/result.h"

namespace unswept::scenarios {

struct PromiseInfo {
  std::string_view name;
  std::string_view when;  // it is judged
  std::string_view says;
};

inline constexpr std::array<PromiseInfo, 8> kPromises{{
    {"no-referenced-chunk-unmarked", "at the end of a GC's phase 1",
     "the access time of every referenced chunk is at or above this GC's minimum access time"},
    {"no-referenced-chunk-swept", "at each unlink of a chunk", "it is not referenced"},
    {"no-index-over-a-swept-chunk", "when an index appears", "all its chunks exist"},
    {"snapshots-restorable", "at the end",
     "every snapshot whose backup was acknowledged and whose removal has not begun restores to its "
     "bytes"},
    {"no-snapshot-lost", "at the end",
     "every such snapshot exists exactly once, at its old or its new place"},
    {"garbage-collected", "after a GC that met nobody", "orphans older than the cutoff are gone"},
    {"no-deadlock", "at the end", "nobody waits for ever"},
    {"no-leak", "at the end",
     "no lock, descriptor or temporary file of an ended operation is left"},
}};

// What can break without being promised: no scenario asks for these by name, but one may expect
// them, and a counterexample does.

/// An operation of an actor with `must-succeed` failed.
inline constexpr std::string_view kMustSucceed = "must-succeed";

/// An actor's code threw; the simulation says so under this name.
inline constexpr std::string_view kActorThrew = "actor-threw";

inline constexpr std::array<std::string_view, 2> kUnasked{kMustSucceed, kActorThrew};

/// The promise checked when a run gets stuck, whether a scenario asks for it or not.
using model::kNoDeadlock;

}  // namespace unswept::scenarios
