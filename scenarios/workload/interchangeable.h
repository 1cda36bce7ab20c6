// scenarios/workload/interchangeable.h: which actors of a scenario do the same.
//
// Actors are interchangeable when their sections of the file differ in their names alone
// (or also in their processes, where each has one to itself), and nobody waits for one of
// them and not for the others.  Exchanging them then gives the same scenario.  What still
// differs are the names of temporary files and the UUIDs in headers, which count by actor
// and which no operation depends on.
#pragma once

#include <vector>

#include "model/program.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

/// Classes of two or more, by number in scenario.actors; none where the scenario asks for no
/// symmetry, names actors in an order that it pins, or bounds delays, which count by number, or
/// preemptions: who is kept waiting for a turn could have gone on.
std::vector<std::vector<model::ActorId>> interchangeable_actors(const Scenario& scenario);

}  // namespace unswept::scenarios
