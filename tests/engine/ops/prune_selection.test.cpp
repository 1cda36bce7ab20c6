// The examples are computed by hand from the rules: newest first, local time.
#include "engine/ops/prune_selection.h"

#include <chrono>
#include <string>

#include "tests/catch.h"

namespace unswept::engine {
namespace {

std::int64_t at(int year, unsigned month, unsigned day, int hour = 12) {
  const std::chrono::sys_days date{std::chrono::year{year} / static_cast<int>(month) /
                                   static_cast<int>(day)};
  return std::chrono::sys_seconds{date}.time_since_epoch().count() + hour * 3600;
}

PruneCandidate finished(std::int64_t time) { return {.local_time = time}; }
PruneCandidate unfinished(std::int64_t time) { return {.local_time = time, .finished = false}; }
PruneCandidate keep_safe(std::int64_t time) { return {.local_time = time, .is_protected = true}; }

// One letter per candidate: '-' removed, '=' protected, '?' partial, '*' all, else the rule.
std::string marks(const std::vector<PruneCandidate>& candidates, const PruneKeep& keep) {
  constexpr std::string_view kLetters = "-*?=lhdwmy";
  std::string result;
  for (const PruneMark mark : select_for_prune(candidates, keep)) {
    result += kLetters[static_cast<std::size_t>(mark)];
  }
  return result;
}

TEST_CASE("prune: without a rule everything is kept", "[prune]") {
  const std::vector<PruneCandidate> group{finished(at(2026, 1, 3)), unfinished(at(2026, 1, 2)),
                                          keep_safe(at(2026, 1, 1))};
  CHECK(marks(group, {}) == "***");
}

TEST_CASE("prune: keep-last keeps the newest ones", "[prune]") {
  const std::vector<PruneCandidate> group{finished(300), finished(200), finished(100)};
  CHECK(marks(group, {.last = 2}) == "ll-");
  CHECK(marks(group, {.last = 5}) == "lll");
}

TEST_CASE("prune: an unfinished snapshot stays only as the newest of its group", "[prune]") {
  const std::vector<PruneCandidate> newest{unfinished(400), finished(300), finished(200)};
  CHECK(marks(newest, {.last = 1}) == "?l-");
  const std::vector<PruneCandidate> older{finished(400), unfinished(300), unfinished(200)};
  CHECK(marks(older, {.last = 3}) == "l--");
  const std::vector<PruneCandidate> two{unfinished(400), unfinished(300), finished(200)};
  CHECK(marks(two, {.last = 3}) == "?-l");
}

TEST_CASE("prune: protected snapshots stay and use up no period", "[prune]") {
  const std::vector<PruneCandidate> group{keep_safe(400), finished(300), finished(200),
                                          keep_safe(100)};
  CHECK(marks(group, {.last = 1}) == "=l-=");
}

TEST_CASE("prune: a protected unfinished snapshot stays", "[prune]") {
  PruneCandidate odd = unfinished(300);
  odd.is_protected = true;
  CHECK(marks({finished(400), odd}, {.last = 1}) == "l=");
}

TEST_CASE("prune: each day keeps its newest snapshot", "[prune]") {
  const std::vector<PruneCandidate> group{finished(at(2026, 3, 3, 20)), finished(at(2026, 3, 3, 8)),
                                          finished(at(2026, 3, 2, 23)), finished(at(2026, 3, 2, 0)),
                                          finished(at(2026, 3, 1, 5))};
  CHECK(marks(group, {.daily = 2}) == "d-d--");
  CHECK(marks(group, {.daily = 3}) == "d-d-d");
}

TEST_CASE("prune: a period already served by an earlier rule is passed over", "[prune]") {
  const std::vector<PruneCandidate> group{finished(at(2026, 3, 3, 20)), finished(at(2026, 3, 3, 8)),
                                          finished(at(2026, 3, 2, 23)),
                                          finished(at(2026, 3, 1, 5))};
  // March 3 is served by keep-last, so the two days are March 2 and March 1.
  CHECK(marks(group, {.last = 1, .daily = 2}) == "l-dd");
}

TEST_CASE("prune: what one rule removed a later rule does not keep", "[prune]") {
  const std::vector<PruneCandidate> group{finished(at(2026, 3, 3, 10)), finished(at(2026, 3, 3, 9)),
                                          finished(at(2026, 2, 1, 9))};
  CHECK(marks(group, {.daily = 1, .monthly = 2}) == "d-m");
}

TEST_CASE("prune: hours are counted by the local clock", "[prune]") {
  const std::vector<PruneCandidate> group{finished(at(2026, 1, 1, 2) + 60),
                                          finished(at(2026, 1, 1, 2)),
                                          finished(at(2026, 1, 1, 2) - 1)};
  CHECK(marks(group, {.hourly = 2}) == "h-h");
}

TEST_CASE("prune: a week is an ISO week, also across the new year", "[prune]") {
  // Monday 2025-12-29 to Sunday 2026-01-04 is week 1 of 2026.
  const std::vector<PruneCandidate> group{finished(at(2026, 1, 5)), finished(at(2026, 1, 4)),
                                          finished(at(2025, 12, 29)), finished(at(2025, 12, 28))};
  CHECK(marks(group, {.weekly = 3}) == "ww-w");
}

TEST_CASE("prune: months and years are calendar months and years", "[prune]") {
  const std::vector<PruneCandidate> group{finished(at(2026, 1, 1, 0)), finished(at(2025, 12, 31)),
                                          finished(at(2025, 12, 1)), finished(at(2024, 12, 31))};
  CHECK(marks(group, {.monthly = 3}) == "mm-m");
  CHECK(marks(group, {.yearly = 2}) == "yy--");
  CHECK(marks(group, {.yearly = 3}) == "yy-y");
}

TEST_CASE("prune: times before 1970 fall into the right periods", "[prune]") {
  const std::vector<PruneCandidate> group{finished(1), finished(-1), finished(-86400),
                                          finished(-86401)};
  CHECK(marks(group, {.daily = 9}) == "dd-d");
}

TEST_CASE("prune: marks have the names of their options", "[prune]") {
  CHECK(prune_mark_name(PruneMark::keep_weekly) == "keep-weekly");
  CHECK(prune_mark_name(PruneMark::remove) == "remove");
}

}  // namespace
}  // namespace unswept::engine
