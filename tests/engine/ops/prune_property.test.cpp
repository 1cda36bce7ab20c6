// The selection against a slow, obvious twin that names periods by strftime.
#include <algorithm>
#include <ctime>
#include <map>
#include <rapidcheck.h>
#include <set>
#include <string>
#include <vector>

#include "engine/ops/prune_selection.h"
#include "tests/catch.h"

namespace unswept::engine {
namespace {

class Twin {
 public:
  explicit Twin(const std::vector<PruneCandidate>& group) : group_(group) {}

  std::vector<bool> kept(const PruneKeep& keep) {
    if (keep.keeps_everything()) return std::vector<bool>(group_.size(), true);
    bool newest = true;
    for (std::size_t i = 0; i < group_.size(); ++i) {
      if (!group_[i].finished) mark_[i] = newest ? "partial" : "remove";
      newest = false;
    }
    rule(keep.last, "unique");
    rule(keep.hourly, "%Y/%m/%d/%H");
    rule(keep.daily, "%Y/%m/%d");
    rule(keep.weekly, "%G/%V");
    rule(keep.monthly, "%Y/%m");
    rule(keep.yearly, "%Y");
    std::vector<bool> kept;
    for (std::size_t i = 0; i < group_.size(); ++i) {
      const bool stays = mark_.contains(i) && mark_[i] != "remove";
      kept.push_back(stays || group_[i].is_protected);
    }
    return kept;
  }

 private:
  std::string label(std::size_t i, const std::string& format) const {
    if (format == "unique") return std::to_string(i);
    const std::time_t time = group_[i].local_time;
    std::tm parts{};
    gmtime_r(&time, &parts);
    std::string text(64, '\0');
    text.resize(std::strftime(text.data(), text.size(), format.c_str(), &parts));
    return text;
  }

  void rule(std::uint64_t number, const std::string& format) {
    std::set<std::string> served;
    for (const auto& [i, mark] : mark_) {
      if (mark == "keep") served.insert(label(i, format));
    }
    std::set<std::string> used;
    for (std::size_t i = 0; i < group_.size(); ++i) {
      if (mark_.contains(i) || group_[i].is_protected) continue;
      const std::string period = label(i, format);
      if (served.contains(period)) continue;
      if (used.contains(period)) {
        mark_[i] = "remove";
      } else {
        if (used.size() >= number) return;
        used.insert(period);
        mark_[i] = "keep";
      }
    }
  }

  const std::vector<PruneCandidate>& group_;
  std::map<std::size_t, std::string> mark_;
};

std::vector<PruneCandidate> any_group() {
  // Close together or years apart: both make periods worth having.
  const std::int64_t span = *rc::gen::element<std::int64_t>(7'200, 7 * 86'400, 1'200 * 86'400);
  const std::int64_t start = *rc::gen::inRange<std::int64_t>(0, 1'800'000'000);
  const auto times = *rc::gen::container<std::vector<std::int64_t>>(
      rc::gen::inRange<std::int64_t>(start, start + span));
  std::vector<PruneCandidate> group;
  for (const std::int64_t time : times) {
    group.push_back({.local_time = time,
                     .finished = *rc::gen::inRange(0, 5) != 0,
                     .is_protected = *rc::gen::inRange(0, 6) == 0});
  }
  std::ranges::sort(group, std::ranges::greater{}, &PruneCandidate::local_time);
  return group;
}

TEST_CASE("prune: the same snapshots stay as by the rules spelled out", "[prune][property]") {
  const bool holds = rc::check("the selection agrees with its twin", [] {
    const auto group = any_group();
    const auto number = [] { return static_cast<std::uint64_t>(*rc::gen::inRange(0, 4)); };
    const PruneKeep keep{number(), number(), number(), number(), number(), number()};
    std::vector<bool> kept;
    for (const PruneMark mark : select_for_prune(group, keep)) kept.push_back(is_kept(mark));
    RC_ASSERT(kept == Twin(group).kept(keep));
  });
  CHECK(holds);
}

}  // namespace
}  // namespace unswept::engine
