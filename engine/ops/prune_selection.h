// engine/ops/prune_selection.h: which snapshots of a group a prune keeps, and why.
//
// A pure function of times and flags, so that a dry run, a prune and a test all
// see the same decision.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace unswept::engine {

/// How many periods each rule keeps; 0 switches a rule off.
struct PruneKeep {
  std::uint64_t last = 0;
  std::uint64_t hourly = 0;
  std::uint64_t daily = 0;
  std::uint64_t weekly = 0;
  std::uint64_t monthly = 0;
  std::uint64_t yearly = 0;

  /// Without a rule a prune keeps everything: forgetting an option must not cost a backup.
  bool keeps_everything() const {
    return last == 0 && hourly == 0 && daily == 0 && weekly == 0 && monthly == 0 && yearly == 0;
  }
  bool operator==(const PruneKeep&) const = default;
};

struct PruneCandidate {
  /// Local time: seconds since 1970 plus the offset from UTC at that moment.
  std::int64_t local_time = 0;
  bool finished = true;
  bool is_protected = false;
};

enum class PruneMark : std::uint8_t {
  remove,
  keep_all,      // no rule was given
  keep_partial,  // unfinished, and the newest of the group
  keep_protected,
  keep_last,
  keep_hourly,
  keep_daily,
  keep_weekly,
  keep_monthly,
  keep_yearly,
};

constexpr bool is_kept(PruneMark mark) { return mark != PruneMark::remove; }

/// "remove", "keep-last", ...: for listings.
std::string_view prune_mark_name(PruneMark mark);

/// The mark of each candidate.  REQUIRES: candidates of one group, newest first.
std::vector<PruneMark> select_for_prune(std::span<const PruneCandidate> candidates,
                                        const PruneKeep& keep);

}  // namespace unswept::engine
