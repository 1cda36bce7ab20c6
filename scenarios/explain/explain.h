// scenarios/explain/explain.h: why a chunk was lost.
//
// Which index refers to it, where that index was each time the GC read a
// directory that could have led to it, and which step made the difference.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "scenarios/explain/story.h"
#include "scenarios/promises/watch.h"

namespace unswept::scenarios {

struct Explanation {
  std::vector<std::string> lines;
  std::set<std::size_t> steps;  // that play a part, counted from 0
};

/// `promise` is the one that broke; `actors` are names by id.
Explanation explain(const Story& story, const Watch& watch, const std::string& promise,
                    const std::vector<std::string>& actors);

}  // namespace unswept::scenarios
