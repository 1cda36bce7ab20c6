// Lines put together from words that mean something, in any order.
#include <rapidcheck.h>
#include <string>

#include "engine/cli/command.h"
#include "tests/catch.h"

namespace unswept::engine {
namespace {

std::string any_line() {
  const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "gc", "move-group", "backup", "prune", "ns", "create", "remove", "notes", "verify", "vm/100",
      "vm/100/2026-01-01T00:00:00Z", "a", "a/b", "--ns", "--to", "--to=b", "--text", "--cutoff",
      "--cutoff=1h", "--keep-last", "1", "'", "\"", "\\", "=", "a.fidx=@c1,+c2", "a.blob=x", "--",
      "--max-depth=9", "\xff", "\n"));
  std::string line;
  for (const std::string& word : words) (line += word) += ' ';
  return line;
}

TEST_CASE("command: any line is a command or an error that points into it", "[command][property]") {
  const bool holds = rc::check("parsed, or refused at a column of the line", [] {
    const std::string line = any_line();
    const auto command = parse_command(line);
    RC_CLASSIFY(command.has_value(), "understood");
    if (command) return;
    RC_ASSERT_FALSE(command.error().message.empty());
    RC_ASSERT(command.error().column >= 1U);
    RC_ASSERT(command.error().column <= line.size() + 1);
  });
  CHECK(holds);
}

}  // namespace
}  // namespace unswept::engine
