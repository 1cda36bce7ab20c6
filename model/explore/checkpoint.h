// model/explore/checkpoint.h: an exploration, written down half-way.
//
// Holds the open part of the search tree and the figures of what is explored.  Gone on
// with by ExploreOptions::checkpoint.resume, dpor ends with the figures of an unbroken
// run (of one worker: all; of several: the executions that came to their end).
//
// The text is one JSON object.  Read back, it is checked for damage; that it belongs to
// the program at hand, the caller must see to.
//
// Thread safety: values, as usual.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>

#include "model/explore/explore.h"
#include "model/explore/result.h"
#include "model/explore/shared_tree.h"

namespace unswept::model {

struct Checkpoint {
  Strategy strategy = Strategy::dpor;
  ExploreResult figures;
  std::map<NodeId, SharedNode> nodes;  // none: nothing is explored
};

std::string to_json(const Checkpoint& checkpoint);
/// The checkpoint, or a sentence that says what is wrong.
std::expected<Checkpoint, std::string> parse_checkpoint(std::string_view json);

}  // namespace unswept::model
