// scenarios/parse/words.h: the little languages inside the strings of a scenario file.
//
//   point        move.journal.appended(detail)#2
//   sometimes    POINT, or: POINT between POINT and POINT
//   order        ACTOR until POINT, or: ACTOR until done
//   snapshot     [NAMESPACE:]TYPE/ID/TIME
//   expectation  pass, violation [PROMISE], deadlock, inconclusive
//
// Pure functions of their text.  Whether an actor exists is the caller's question.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "scenarios/scenario.h"

namespace unswept::scenarios {

/// What is wrong with a text, `offset` bytes from its start.
struct WordError {
  std::size_t offset = 0;
  std::string message;
};

template <class T>
using Word = std::expected<T, WordError>;

Word<PointRef> parse_point(std::string_view text);
Word<SometimesSpec> parse_sometimes(std::string_view text);
Word<PinnedRun> parse_pinned_run(std::string_view text);
Word<SnapshotSpec> parse_snapshot_place(std::string_view text);
Word<Expectation> parse_expectation(std::string_view text);

std::string_view to_string(SearchMode mode);
std::string_view to_string(DirectoryOrder order);
std::string to_string(const PointRef& point);
std::string to_string(const Expectation& expectation);
/// Where the snapshot is: `a:vm/100/2026-01-01T00:00:00Z`.
std::string place_of(const SnapshotSpec& snapshot);

}  // namespace unswept::scenarios
