// model/explore/campaign.h: several searches with one budget and one result (internal).
//
//     Campaign campaign(options);
//     campaign.add("first", run_search(program, search, campaign.options(100), true));
//
// options() is what is left of the budget; add() takes the result in and says how to
// go on.
//
// Thread safety: none.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "model/explore/explore.h"

namespace unswept::model {

class Campaign {
 public:
  enum class Then : std::uint8_t {
    ended,    // the search came to an end of its own
    paused,   // its share is used up, the budget is not
    stopped,  // the budget is used up, or something was found: no further search
  };

  /// `options` must outlive the campaign.
  explicit Campaign(const ExploreOptions& options);

  /// For the next search: at most `share` executions, and what the budget has left.
  ExploreOptions options(std::optional<std::uint64_t> share = std::nullopt) const;

  /// Adds the result of a search that had these options.  Its figures become part `name`, or are
  /// added to it; with an empty name, or if it has parts of its own, it makes no part.
  Then add(std::string_view name, ExploreResult result);

  /// Of all that was added; verdict, completeness and bounds as the last search left them.
  ExploreResult& result() { return total_; }

 private:
  Then judge(const ExploreResult& result) const;
  void keep_part(std::string_view name, const ExploreResult& result);

  const ExploreOptions& options_;
  double started_ = 0;
  std::uint64_t attempts_ = 0;  // executions of all kinds
  ExploreResult total_;
};

}  // namespace unswept::model
