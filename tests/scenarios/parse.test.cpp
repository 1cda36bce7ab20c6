#include "scenarios/parse/parse.h"

#include "scenarios/parse/write.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

constexpr std::string_view kGood = R"(format = 1
name   = "good"

[store]
namespaces = ["a", "a/b"]
chunk-age  = "72h"
snapshots  = [
  { at = "a/b:vm/1/2026-01-01T00:00:00Z", archives = { "d.fidx" = ["c1", "c2"] }, protected=true },
  { at = "ct/7/2026-01-01T00:00:00Z", archives = { "root.pxar.didx" = ["c2"] }, finished = false },
]
orphans = ["o1"]

[[actor]]
name = "gc"
do   = ["gc"]

[[actor]]
name  = "mover"
after = ["gc"]
process = "other"
stop-on-error = true
do    = ["move-group vm/100 --ns a/b --to a", "move-group vm/100 --ns a --to a/b"]

[explore]
mode    = "pinned"
readdir = { default = "reversed", "ns" = "all" }
bounds  = { timeouts = 0, executions = 100, time = "90s" }
order   = ["gc until gc.mark.namespace(a)#2", "mover until done"]

[check]
promises  = ["no-leak"]
sometimes = ["move.renamed between gc.mark.started and gc.mark.done"]

[expect]
none = "violation no-leak"
v8   = "pass"
)";

Scenario good() {
  auto scenario = parse_scenario(kGood, "dir/good.toml");
  INFO((scenario ? "" : to_string(scenario.error())));
  REQUIRE(scenario);
  return *scenario;
}

/// The first complaint about the good scenario with `from` replaced by `to`.
std::string complaint(std::string_view from, std::string_view to) {
  std::string text(kGood);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  const auto scenario = parse_scenario(text, "dir/good.toml");
  REQUIRE_FALSE(scenario);
  return to_string(scenario.error().front());
}

TEST_CASE("scenario files: every section is read", "[parse]") {
  const Scenario scenario = good();
  CHECK(scenario.store.namespaces.size() == 2);
  CHECK(scenario.store.chunk_age == std::chrono::hours{72});
  CHECK_FALSE(scenario.store.gc_cutoff);
  REQUIRE(scenario.store.snapshots.size() == 2);
  CHECK(scenario.store.snapshots[0].ns.text() == "a/b");
  CHECK(scenario.store.snapshots[0].is_protected);
  CHECK(scenario.store.snapshots[0].archives.at(0).chunks == ChunkNames{"c1", "c2"});
  CHECK(scenario.store.snapshots[1].ns.is_root());
  CHECK_FALSE(scenario.store.snapshots[1].is_finished);
  REQUIRE(scenario.actors.size() == 2);
  CHECK(scenario.actors[1].after == std::vector<std::string>{"gc"});
  CHECK(scenario.actors[1].process == "other");
  CHECK(std::holds_alternative<engine::MoveGroup>(scenario.actors[1].operations[1].command));
  CHECK(scenario.explore.readdir == DirectoryOrder::reversed);
  CHECK(scenario.explore.directories.at(0).path == "ns");
  CHECK(scenario.explore.bounds.timeouts == 0U);
  CHECK(scenario.explore.bounds.time == Seconds{90});
  CHECK(scenario.explore.order.at(0).until->detail == "a");
  CHECK(scenario.explore.order.at(0).until->hit == 2);
  CHECK_FALSE(scenario.explore.order.at(1).until);
  CHECK(scenario.check.sometimes.at(0).after->name == "gc.mark.started");
  CHECK(scenario.expect.at("none").promise == "no-leak");
  CHECK(scenario.expect.at("v8").verdict == ExpectedVerdict::pass);
}

TEST_CASE("scenario files: what is written parses to the same again", "[parse]") {
  const std::string once = write_scenario(good(), {"a comment"});
  const auto again = parse_scenario(once, "good.toml");
  INFO(once);
  REQUIRE(again);
  CHECK(write_scenario(*again, {"a comment"}) == once);
}

TEST_CASE("scenario files: a mistyped word is told with its place and the nearest known one",
          "[parse]") {
  CHECK(complaint("namespaces =", "namespace =") ==
        "dir/good.toml:5:1: unknown key in [store] \"namespace\", did you mean \"namespaces\"?");
  CHECK(complaint("\"move.renamed between", "\"move.rename between") ==
        "dir/good.toml:32:15: unknown point \"move.rename\", did you mean \"move.renamed\"?");
  CHECK(complaint("gc.mark.done\"", "gc.mark.dome\"") ==
        "dir/good.toml:32:56: unknown point \"gc.mark.dome\", did you mean \"gc.mark.done\"?");
  CHECK(complaint("promises  = [\"no-leak\"]", "promises  = [\"no-leaks\"]") ==
        "dir/good.toml:31:15: unknown promise \"no-leaks\", did you mean \"no-leak\"?");
  CHECK(complaint("after = [\"gc\"]", "after = [\"gcc\"]") ==
        "dir/good.toml:18:9: unknown actor \"gcc\", did you mean \"gc\"?");
  CHECK(complaint("\"mover until", "\"moover until") ==
        "dir/good.toml:28:48: unknown actor \"moover\", did you mean \"mover\"?");
  CHECK(complaint("v8   = ", "v88  = ") ==
        "dir/good.toml:36:1: unknown protocol \"v88\", did you mean \"v8\"?");
  CHECK(complaint("\"pass\"", "\"passs\"") ==
        "dir/good.toml:36:9: unknown verdict \"passs\", did you mean \"pass\"?");
}

TEST_CASE("scenario files: a mistyped operation is told with its column in the file", "[parse]") {
  CHECK(complaint("do   = [\"gc\"]", "do   = [\"gcc\"]").starts_with("dir/good.toml:15:10: "));
  CHECK(complaint("--ns a --to a/b", "--ns a --too a/b").starts_with("dir/good.toml:22:73: "));
}

TEST_CASE("scenario files: what cannot mean anything is refused", "[parse]") {
  CHECK(complaint("format = 1", "format = 2").starts_with("dir/good.toml:1:10: format = 1"));
  CHECK(complaint("name   = \"good\"", "name   = \"bad\"") ==
        "dir/good.toml:2:10: the name must equal the file's: \"good\"");
  CHECK(complaint("at = \"a/b:vm", "at = \"x:vm").find("unknown namespace \"x\"") !=
        std::string::npos);
  CHECK(complaint("d.fidx", "d.blob").find("ends in .fidx or .didx") != std::string::npos);
  CHECK(complaint("[\"c1\", \"c2\"]", "[]").find("at least one chunk") != std::string::npos);
  CHECK(complaint("name  = \"mover\"", "name  = \"gc\"").find("two actors named \"gc\"") !=
        std::string::npos);
  CHECK(complaint("timeouts = 0", "crashes = 1").find("not part of this build yet") !=
        std::string::npos);
  CHECK(complaint("\"pinned\"", "\"pcct\"").find("unknown mode \"pcct\", did you mean \"pct\"?") !=
        std::string::npos);
  CHECK(complaint("time = \"90s\" }", "time = \"90s\" }\nraise = \"delay\"")
            .find("unknown bound to raise \"delay\", did you mean \"delays\"?") !=
        std::string::npos);
  CHECK(complaint("time = \"90s\" }", "time = \"90s\" }\npct-depth = 0")
            .find("no violation has depth 0") != std::string::npos);
  CHECK(complaint("\"pinned\"", "\"naive\"").find("followed with mode = \"pinned\" only") !=
        std::string::npos);
  CHECK(complaint("[store]", "[store").starts_with("dir/good.toml:4:"));
}

TEST_CASE("scenario files: all mistakes are told at once", "[parse]") {
  const auto scenario = parse_scenario("format = 1\nname = \"x\"\nfoo = 1\nbar = 2\n", "x.toml");
  REQUIRE_FALSE(scenario);
  CHECK(scenario.error().size() == 3);  // and that there is no actor
}

TEST_CASE("scenario files: without [check] everything is checked", "[parse]") {
  const auto scenario = parse_scenario(
      "format = 1\nname = \"x\"\n[[actor]]\nname = \"gc\"\ndo = [\"gc\"]\n", "x.toml");
  REQUIRE(scenario);
  CHECK(scenario->check.promises.size() == 8);
  CHECK(scenario->check.sometimes.empty());
}

}  // namespace
}  // namespace unswept::scenarios
