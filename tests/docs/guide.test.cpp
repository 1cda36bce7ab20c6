// What can be named in files that people keep is in the user guide.
#include <fstream>
#include <iterator>
#include <string>

#include "engine/cli/command.h"
#include "engine/points.h"
#include "scenarios/check/check.h"
#include "scenarios/parse/parse.h"
#include "scenarios/promises/names.h"
#include "tests/catch.h"

namespace unswept {
namespace {

std::string read_document(const std::string& path) {
  std::ifstream in(UNSWEPT_SOURCE_DIR "/" + path);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string guide() { return read_document("docs/user-guide.md"); }

/// The first block of a document that is a whole scenario.
std::string scenario_in(const std::string& text) {
  const std::string opening = "```toml\n";
  const auto start = text.find(opening + "format = 1");
  if (start == std::string::npos) return {};
  const auto first = start + opening.size();
  return text.substr(first, text.find("```", first) - first);
}

/// In a table, the name stands first in its row, as code.
bool has_row(const std::string& text, std::string_view name) {
  const auto row = "\n| `" + std::string(name);
  return text.find(row + '`') != std::string::npos || text.find(row + ' ') != std::string::npos;
}

TEST_CASE("guide: every protocol point has its row", "[docs]") {
  const auto text = guide();
  for (const auto& point : engine::all_points()) {
    INFO(point.name);
    CHECK(has_row(text, point.name));
  }
  CHECK_FALSE(has_row(text, "gc.no.such.point"));
}

TEST_CASE("guide: every promise has its row", "[docs]") {
  const auto text = guide();
  for (const auto& promise : scenarios::kPromises) {
    INFO(promise.name);
    CHECK(has_row(text, promise.name));
  }
}

TEST_CASE("guide: every operation has its row, and every option of one is named", "[docs]") {
  const auto text = guide();
  for (const auto& command : engine::all_commands()) {
    INFO(command.name);
    CHECK(has_row(text, command.name));
    for (const auto& option : command.options) {
      INFO(option.name);
      CHECK(text.find(option.name) != std::string::npos);
    }
  }
}

TEST_CASE("guide: the scenario that is shown has the verdicts that it says", "[docs]") {
  for (const auto* document : {"README.md", "docs/user-guide.md"}) {
    INFO(document);
    const auto toml = scenario_in(read_document(document));
    const auto scenario = scenarios::parse_scenario(toml, "move-next-to-gc.toml");
    REQUIRE(scenario);
    CHECK(scenario->expect.size() == 2);
    for (const auto& [protocol, expectation] : scenario->expect) {
      INFO(protocol);
      const auto result = scenarios::check(*scenario, protocol, {});
      REQUIRE(result);
      CHECK(result->as_expected);
      CHECK((result->complete || expectation.verdict == scenarios::ExpectedVerdict::violation));
    }
  }
}

}  // namespace
}  // namespace unswept
