// scenarios/check/divergence.h: runs that are not what they should be, in words.
#pragma once

#include <string>

#include "model/explore/replay.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

/// Why a trace cannot be followed in a scenario.
std::string misfit_text(const model::Divergence& divergence, const Scenario& scenario);

/// How two runs of the same choices differ.
std::string nondeterminism_text(const model::Divergence& divergence);

}  // namespace unswept::scenarios
