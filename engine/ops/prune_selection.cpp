#include "engine/ops/prune_selection.h"

#include <chrono>
#include <optional>
#include <set>

namespace unswept::engine {
namespace {

using Period = std::int64_t;

constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return quotient * by > value ? quotient - 1 : quotient;
}

constexpr std::int64_t days_since_1970(std::int64_t local_time) {
  return floor_divide(local_time, 86400);
}

// ISO weeks start on Monday, and 1970-01-01 was a Thursday.
constexpr Period week_of(std::int64_t local_time) {
  return floor_divide(days_since_1970(local_time) + 3, 7);
}

std::chrono::year_month_day date_of(std::int64_t local_time) {
  const std::chrono::days days{days_since_1970(local_time)};
  return std::chrono::year_month_day{std::chrono::sys_days{days}};
}

Period year_of(std::int64_t local_time) { return static_cast<int>(date_of(local_time).year()); }

Period month_of(std::int64_t local_time) {
  const auto date = date_of(local_time);
  return static_cast<int>(date.year()) * Period{12} + static_cast<unsigned>(date.month());
}

class Selection {
 public:
  explicit Selection(std::span<const PruneCandidate> candidates)
      : candidates_(candidates), marks_(candidates.size()) {}

  // Newest first: an unfinished snapshot may be a backup that runs right now, but
  // only if nothing newer was made.
  void mark_unfinished() {
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (candidates_[i].finished) continue;
      marks_[i] = i == 0 ? PruneMark::keep_partial : PruneMark::remove;
    }
  }

  // `period_of(index)` names the period of a candidate.
  template <class PeriodOf>
  void apply_rule(std::uint64_t number, PruneMark kept, PeriodOf period_of) {
    if (number == 0) return;
    const std::set<Period> served = periods_kept_by_earlier_rules(period_of);
    std::set<Period> periods;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (marks_[i] || candidates_[i].is_protected) continue;
      const Period period = period_of(i);
      if (served.contains(period)) continue;
      if (periods.contains(period)) {
        marks_[i] = PruneMark::remove;
        continue;
      }
      if (periods.size() >= number) break;
      periods.insert(period);
      marks_[i] = kept;
    }
  }

  std::vector<PruneMark> result() const {
    std::vector<PruneMark> result(candidates_.size());
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      result[i] = candidates_[i].is_protected ? PruneMark::keep_protected
                                              : marks_[i].value_or(PruneMark::remove);
    }
    return result;
  }

 private:
  template <class PeriodOf>
  std::set<Period> periods_kept_by_earlier_rules(PeriodOf period_of) const {
    std::set<Period> periods;
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (marks_[i] && *marks_[i] >= PruneMark::keep_last) periods.insert(period_of(i));
    }
    return periods;
  }

  std::span<const PruneCandidate> candidates_;
  std::vector<std::optional<PruneMark>> marks_;
};

}  // namespace

std::string_view prune_mark_name(PruneMark mark) {
  switch (mark) {
    case PruneMark::remove:
      return "remove";
    case PruneMark::keep_all:
      return "keep";
    case PruneMark::keep_partial:
      return "keep-partial";
    case PruneMark::keep_protected:
      return "protected";
    case PruneMark::keep_last:
      return "keep-last";
    case PruneMark::keep_hourly:
      return "keep-hourly";
    case PruneMark::keep_daily:
      return "keep-daily";
    case PruneMark::keep_weekly:
      return "keep-weekly";
    case PruneMark::keep_monthly:
      return "keep-monthly";
    case PruneMark::keep_yearly:
      return "keep-yearly";
  }
  return "";
}

std::vector<PruneMark> select_for_prune(std::span<const PruneCandidate> candidates,
                                        const PruneKeep& keep) {
  if (keep.keeps_everything()) {
    return std::vector<PruneMark>(candidates.size(), PruneMark::keep_all);
  }
  const auto by_time = [&](auto period_of_time) {
    return [&candidates, period_of_time](std::size_t i) {
      return Period{period_of_time(candidates[i].local_time)};
    };
  };
  Selection selection(candidates);
  selection.mark_unfinished();
  selection.apply_rule(keep.last, PruneMark::keep_last,
                       [](std::size_t i) { return static_cast<Period>(i); });
  selection.apply_rule(keep.hourly, PruneMark::keep_hourly,
                       by_time([](std::int64_t time) { return floor_divide(time, 3600); }));
  selection.apply_rule(keep.daily, PruneMark::keep_daily, by_time(days_since_1970));
  selection.apply_rule(keep.weekly, PruneMark::keep_weekly, by_time(week_of));
  selection.apply_rule(keep.monthly, PruneMark::keep_monthly, by_time(month_of));
  selection.apply_rule(keep.yearly, PruneMark::keep_yearly, by_time(year_of));
  return selection.result();
}

}  // namespace unswept::engine
