// engine/cli/nearest.h: the word a user probably meant.
#pragma once

#include <span>
#include <string_view>

namespace unswept::engine {

/// The candidate nearest to `word` by edit distance, or an empty view when none is
/// near enough to be a likely typing error.  Ties go to the earlier candidate.
std::string_view nearest_match(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace unswept::engine
