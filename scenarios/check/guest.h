// scenarios/check/guest.h: a process that helps another one to check scenarios.
//
// It reads no files of scenarios: with each search the host sends what is searched.  The
// search itself is divided by model/explore/peers.h.
//
// Thread safety: as the link's.
#pragma once

#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/explore/link.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

/// What a guest must know to search as its host does.
struct Invitation {
  std::string build;  // digest_of_this_program()
  Scenario scenario;
  std::string protocol;
  std::optional<std::uint64_t> verify_every = {};
  // Of directories that are read in every order:
  bool all_vary = true;
  std::vector<model::ObjectId> contended = {};  // the entries that vary, if not all do
};

std::string to_text(const Invitation& invitation);
/// A sentence when it was not written by this build.
std::expected<Invitation, std::string> parse_invitation(const std::string& text);

/// Helps until the host says goodbye.  `clock`: seconds since some moment.
void help_checking(model::Link& link, const std::function<double()>& clock);

}  // namespace unswept::scenarios
