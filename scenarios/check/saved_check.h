// scenarios/check/saved_check.h: a check, written down half-way.
//
// One JSON file: what is being checked (so that nothing else is gone on with), the open
// part of the search, and the books kept besides.
//
// The file is replaced as a whole: whoever is killed while writing leaves the one before.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "model/explore/checkpoint.h"
#include "scenarios/check/books.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

struct SavedCheck {
  std::string identity;  // identity_of()
  model::Checkpoint search;
  Books books;
};

/// The engine is part of the program: another build may take other steps.
std::string digest_of_this_program();

/// What a search depends on: this build of the program, the scenario with its settings, budgets
/// aside, and the protocol.
std::string identity_of(const Scenario& scenario, std::string_view protocol);

/// A sentence when it could not be written; then the file is as it was.
std::expected<void, std::string> write_check(const SavedCheck& saved, const std::string& file);

/// A sentence when the file cannot be read, is damaged, or was written for something else.
std::expected<SavedCheck, std::string> read_check(const std::string& file,
                                                  std::string_view identity);

}  // namespace unswept::scenarios
