// scenarios/parse/sections.h: the sections of a scenario file, one function each.
// Private to parse/.
#pragma once

#include "scenarios/parse/toml_reader.h"
#include "scenarios/scenario.h"

namespace unswept::scenarios {

StoreSpec read_store(const toml::table& table, Complaints& complaints);
ActorSpec read_actor(const toml::table& table, Complaints& complaints);
ExploreSpec read_explore(const toml::table& table, Complaints& complaints);
void read_faults(const toml::table& table, Complaints& complaints);
CheckSpec read_check(const toml::table& table, Complaints& complaints);
std::map<std::string, Expectation> read_expect(const toml::table& table, Complaints& complaints);
TraceSpec read_trace(const toml::table& table, Complaints& complaints);

/// What a file without a [check] section checks: everything.
CheckSpec every_promise();

}  // namespace unswept::scenarios
