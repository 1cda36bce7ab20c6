// model/explore/tree_json.h: parts of a search tree, and figures, as JSON (internal).
//
// What checkpoints hold, and what processes that explore one tree tell each other.
// to_...() is the inverse of from_...(); where something is missing or cannot be, it throws
// nlohmann::json::exception.
//
// Thread safety: values, as usual.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <vector>

#include "model/explore/result.h"
#include "model/explore/search_tree.h"

namespace unswept::model {

nlohmann::json from_footprint(std::span<const Access> footprint);
std::vector<Access> to_footprint(const nlohmann::json& list);

nlohmann::json from_choices(std::span<const Choice> choices);
std::vector<Choice> to_choices(const nlohmann::json& list);

nlohmann::json from_published(const PublishedNode& node);
PublishedNode to_published(const nlohmann::json& json);

nlohmann::json from_subtree(const Subtree& subtree);
Subtree to_subtree(const nlohmann::json& json);

/// Counts, bounds that were hit and the counterexample (without its run).
nlohmann::json from_figures(const ExploreResult& figures);
ExploreResult to_figures(const nlohmann::json& json);

/// The same, with the divergence and the figures of the states that are remembered.
nlohmann::json from_report(const ExploreResult& report);
ExploreResult to_report(const nlohmann::json& json);

}  // namespace unswept::model
