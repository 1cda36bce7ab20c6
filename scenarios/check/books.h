// scenarios/check/books.h: what is kept of the runs of a search besides its figures.
//
// As one worker keeps it: failed operations, conditions that were met, entries whose place
// matters.  Those of several workers are brought together in those of one of them.
//
// Thread safety: values, as usual.
#pragma once

#include <expected>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "scenarios/check/failures.h"
#include "scenarios/workload/entry_contention.h"

namespace unswept::scenarios {

struct Books {
  EntryContention::Record entries;
  std::vector<FailureTally::Row> failures;
  std::vector<std::string> unmet;  // conditions
};

nlohmann::json from_books(const Books& books);
/// A sentence when the parts do not fit each other.  Throws nlohmann::json::exception when one is
/// missing.
std::expected<Books, std::string> to_books(const nlohmann::json& json);

}  // namespace unswept::scenarios
