#include "scenarios/parse/words.h"

#include <charconv>
#include <vector>

#include "engine/format/names.h"
#include "engine/points.h"
#include "scenarios/parse/suggest.h"
#include "scenarios/promises/names.h"

namespace unswept::scenarios {
namespace {

std::unexpected<WordError> wrong(std::size_t offset, std::string message) {
  return std::unexpected(WordError{offset, std::move(message)});
}

/// The same error, for a text that is part of a longer one.
std::unexpected<WordError> shifted(WordError error, std::size_t by) {
  error.offset += by;
  return std::unexpected(std::move(error));
}

std::vector<std::string_view> point_names() {
  std::vector<std::string_view> names;
  for (const os::Point& point : engine::all_points()) names.push_back(point.name);
  return names;
}

bool is_known(std::string_view name, const std::vector<std::string_view>& known) {
  for (const std::string_view candidate : known)
    if (candidate == name) return true;
  return false;
}

/// Cuts "#2" off the end of `text`.
Word<std::uint32_t> take_hit(std::string_view& text) {
  const std::size_t hash = text.rfind('#');
  if (hash == std::string_view::npos) return 0;
  if (const std::size_t close = text.rfind(')'); close != text.npos && close > hash) return 0;
  std::uint32_t hit = 0;
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data() + hash + 1, last, hit);
  if (error != std::errc{} || end != last || hit == 0)
    return wrong(hash + 1, "after '#' stands which hit of the point is meant, counted from 1");
  text = text.substr(0, hash);
  return hit;
}

}  // namespace

Word<PointRef> parse_point(std::string_view text) {
  PointRef point;
  const auto hit = take_hit(text);
  if (!hit) return std::unexpected(hit.error());
  point.hit = *hit;
  if (const std::size_t open = text.find('('); open != std::string_view::npos) {
    if (text.back() != ')') return wrong(text.size(), "a ')' is missing after the point's detail");
    point.detail = std::string(text.substr(open + 1, text.size() - open - 2));
    text = text.substr(0, open);
  }
  const auto names = point_names();
  if (!is_known(text, names)) return wrong(0, unknown_word("point", text, names));
  point.name = std::string(text);
  return point;
}

Word<SometimesSpec> parse_sometimes(std::string_view text) {
  constexpr std::string_view kBetween = " between ";
  constexpr std::string_view kAnd = " and ";
  SometimesSpec sometimes;
  sometimes.text = std::string(text);
  const std::size_t between = text.find(kBetween);
  auto point = parse_point(text.substr(0, between));
  if (!point) return std::unexpected(point.error());
  sometimes.point = std::move(*point);
  if (between == std::string_view::npos) return sometimes;
  const std::size_t after_at = between + kBetween.size();
  const std::size_t both = text.find(kAnd, after_at);
  if (both == std::string_view::npos)
    return wrong(after_at, "expected: POINT between POINT and POINT");
  auto after = parse_point(text.substr(after_at, both - after_at));
  if (!after) return shifted(after.error(), after_at);
  const std::size_t before_at = both + kAnd.size();
  auto before = parse_point(text.substr(before_at));
  if (!before) return shifted(before.error(), before_at);
  sometimes.after = std::move(*after);
  sometimes.before = std::move(*before);
  return sometimes;
}

Word<PinnedRun> parse_pinned_run(std::string_view text) {
  constexpr std::string_view kUntil = " until ";
  const std::size_t until = text.find(kUntil);
  if (until == std::string_view::npos)
    return wrong(0, "expected: ACTOR until POINT, or: ACTOR until done");
  PinnedRun run;
  run.actor = std::string(text.substr(0, until));
  const std::size_t point_at = until + kUntil.size();
  if (text.substr(point_at) == "done") return run;
  auto point = parse_point(text.substr(point_at));
  if (!point) return shifted(point.error(), point_at);
  run.until = std::move(*point);
  return run;
}

Word<SnapshotSpec> parse_snapshot_place(std::string_view text) {
  // Times hold colons too; the namespace's colon is the one before a type.
  std::size_t path_at = 0;
  for (const std::string_view type : {":vm/", ":ct/", ":host/"})
    if (const std::size_t found = text.find(type); found != text.npos) path_at = found + 1;
  SnapshotSpec snapshot;
  if (path_at != 0) {
    auto ns = engine::Namespace::parse(text.substr(0, path_at - 1));
    if (!ns) return wrong(0, ns.error().message);
    snapshot.ns = *std::move(ns);
  }
  auto id = engine::SnapshotId::parse(text.substr(path_at));
  if (!id) return wrong(path_at, id.error().message);
  snapshot.id = *std::move(id);
  return snapshot;
}

Word<Expectation> parse_expectation(std::string_view text) {
  Expectation expectation;
  const std::size_t space = text.find(' ');
  const std::string_view verdict = text.substr(0, space);
  if (verdict == "pass") {
    expectation.verdict = ExpectedVerdict::pass;
  } else if (verdict == "violation") {
    expectation.verdict = ExpectedVerdict::violation;
  } else if (verdict == "deadlock") {
    expectation.verdict = ExpectedVerdict::deadlock;
  } else if (verdict == "inconclusive") {
    expectation.verdict = ExpectedVerdict::inconclusive;
  } else {
    static constexpr std::string_view kVerdicts[] = {"pass", "violation", "deadlock",
                                                     "inconclusive"};
    return wrong(0, unknown_word("verdict", verdict, kVerdicts));
  }
  if (space == std::string_view::npos) return expectation;
  const std::string_view promise = text.substr(space + 1);
  if (expectation.verdict != ExpectedVerdict::violation)
    return wrong(space, "only \"violation\" is followed by a promise");
  std::vector<std::string_view> names;
  for (const PromiseInfo& known : kPromises) names.push_back(known.name);
  names.insert(names.end(), kUnasked.begin(), kUnasked.end());
  if (!is_known(promise, names)) return wrong(space + 1, unknown_word("promise", promise, names));
  // A run that is stuck has a verdict of its own.
  if (promise == kNoDeadlock) return Expectation{ExpectedVerdict::deadlock, {}};
  expectation.promise = std::string(promise);
  return expectation;
}

std::string_view to_string(SearchMode mode) {
  switch (mode) {
    case SearchMode::exhaustive:
      return "exhaustive";
    case SearchMode::optimal:
      return "optimal";
    case SearchMode::stateful:
      return "stateful";
    case SearchMode::naive:
      return "naive";
    case SearchMode::automatic:
      return "auto";
    case SearchMode::random:
      return "random";
    case SearchMode::pct:
      return "pct";
    case SearchMode::pos:
      return "pos";
    case SearchMode::surw:
      return "surw";
    case SearchMode::pinned:
      return "pinned";
  }
  return {};
}

std::string_view to_string(DirectoryOrder order) {
  switch (order) {
    case DirectoryOrder::sorted:
      return "sorted";
    case DirectoryOrder::reversed:
      return "reversed";
    case DirectoryOrder::all:
      return "all";
    case DirectoryOrder::listed:
      return "listed";
  }
  return {};
}

std::string to_string(const PointRef& point) {
  std::string text = point.name;
  if (point.detail) text += '(' + *point.detail + ')';
  if (point.hit != 0) text += '#' + std::to_string(point.hit);
  return text;
}

std::string to_string(const Expectation& expectation) {
  switch (expectation.verdict) {
    case ExpectedVerdict::pass:
      return "pass";
    case ExpectedVerdict::violation:
      return expectation.promise.empty() ? "violation" : "violation " + expectation.promise;
    case ExpectedVerdict::deadlock:
      return "deadlock";
    case ExpectedVerdict::inconclusive:
      return "inconclusive";
  }
  return {};
}

std::string place_of(const SnapshotSpec& snapshot) {
  std::string text = snapshot.ns.text();
  if (!text.empty()) text += ':';
  return text + snapshot.id.path();
}

}  // namespace unswept::scenarios
