// What can be named in files that people keep is in the user guide.
#include <fstream>
#include <iterator>
#include <string>

#include "engine/cli/command.h"
#include "engine/points.h"
#include "scenarios/promises/names.h"
#include "tests/catch.h"

namespace unswept {
namespace {

std::string guide() {
  std::ifstream in(UNSWEPT_SOURCE_DIR "/docs/user-guide.md");
  return {std::istreambuf_iterator<char>(in), {}};
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

}  // namespace
}  // namespace unswept
