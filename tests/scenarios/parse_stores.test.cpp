// What a scenario file says of its store, and of the order of its directories.
#include <filesystem>

#include "scenarios/builder.h"
#include "scenarios/check/check.h"
#include "scenarios/parse/parse.h"
#include "scenarios/parse/write.h"
#include "tests/catch.h"

namespace unswept::scenarios {
namespace {

/// A scenario in which line 4 is `namespaces`, line 5 `more` of the store, line 9 the mover's
/// operation and line 11 what stands in [explore].
std::string file(std::string_view namespaces, std::string_view more, std::string_view explore,
                 std::string_view operation = "move-group vm/100 --ns b --to a") {
  std::string text = "format = 1\nname = \"x\"\n[store]\nnamespaces = ";
  text.append(namespaces)
      .append("\n")
      .append(more)
      .append("\n[[actor]]\nname = \"mover\"\n\ndo = [\"");
  text.append(operation).append("\"]\n[explore]\n").append(explore).append("\n");
  return text;
}

constexpr std::string_view kNames = R"(["a", "b"])";
constexpr std::string_view kSnapshot =
    R"(snapshots = [{ at = "b:vm/100/2026-01-01T00:00:00Z", archives = { "d.fidx" = ["c1"] } }])";

std::string complaint(const std::string& text) {
  const auto scenario = parse_scenario(text, "x.toml");
  return scenario ? "" : to_string(scenario.error().front());
}

std::string readdir_complaint(std::string_view readdir,
                              std::string_view operation = "move-group vm/100 --ns b --to a") {
  return complaint(file(kNames, kSnapshot, "readdir = " + std::string(readdir), operation));
}

TEST_CASE("scenario files: a directory order is for a directory that there is", "[parse]") {
  for (const char* good : {R"(["ns"])", R"([".", "ns/b", "ns/b/vm", "ns/b/vm/100"])",
                           R"([".chunks", "ns/b/vm/100/2026-01-01T00:00:00Z"])"})
    CHECK(readdir_complaint(good).empty());
  CHECK(readdir_complaint(R"(["ns", "nss"])") ==
        "x.toml:11:18: unknown directory \"nss\", did you mean \"ns\"?");
  CHECK(readdir_complaint(R"({ "nss" = "all" })") ==
        "x.toml:11:21: unknown directory \"nss\", did you mean \"ns\"?");
  CHECK(readdir_complaint(R"(["ns/b/vm/100/2026-01-01T00:00:00Z/d.fidx"])")
            .starts_with("x.toml:11:12: unknown directory"));
}

TEST_CASE("scenario files: a directory order may be for a directory that an operation makes",
          "[parse]") {
  CHECK(readdir_complaint(R"(["ns/a/vm/100/2026-01-01T00:00:00Z"])").empty());
  CHECK(readdir_complaint(R"(["ns/c"])", "ns create c").empty());
  CHECK(readdir_complaint(R"(["ns/a/ns/d/vm/100"])", "move-namespace b --to a/d").empty());
  CHECK(readdir_complaint(R"(["ns/a/ct/7/2026-01-02T00:00:00Z"])",
                          "backup ct/7 --ns a --time 2026-01-02T00:00:00Z d.fidx=@c1")
            .empty());
  CHECK_FALSE(readdir_complaint(R"(["ns/a/vm"])", "gc").empty());
}

TEST_CASE("scenario files: directory orders are texts", "[parse]") {
  CHECK(readdir_complaint("[7]") == "x.toml:11:12: readdir must be a list of strings");
  CHECK(readdir_complaint(R"({ "ns" = ["b", 7] })") ==
        "x.toml:11:26: ns must be a list of strings");
  CHECK(readdir_complaint(R"({ default = ["b"] })").find("unknown directory order") !=
        std::string::npos);
}

TEST_CASE("scenario files: a pinned directory order lists names that the directory has",
          "[parse]") {
  CHECK(readdir_complaint(R"({ "ns" = ["zz", "a"] })")
            .starts_with("x.toml:11:21: unknown name in directory \"ns\": \"zz\""));
  CHECK(readdir_complaint(R"({ "ns" = ["a", "b", "a"] })") ==
        "x.toml:11:32: \"a\" is listed twice");
  const auto scenario = parse_scenario(
      file(R"(["a", "b", "c"])", kSnapshot, R"(readdir = { "ns" = ["b", "a", "c"] })"), "x.toml");
  REQUIRE(scenario);
  CHECK(scenario->explore.directories.at(0).order == DirectoryOrder::listed);
  CHECK(scenario->explore.directories.at(0).names == std::vector<std::string>{"b", "a", "c"});
  const auto again = parse_scenario(write_scenario(*scenario), "x.toml");
  REQUIRE(again);
  CHECK(write_scenario(*again) == write_scenario(*scenario));
}

TEST_CASE("scenario files: bounds that do not fit are refused", "[parse]") {
  for (const std::string key : {"timeouts", "preemptions"}) {
    CHECK(complaint(file(kNames, kSnapshot, "bounds = { " + key + " = 4294967296 }"))
              .find(key + " must be a number, at most 4294967295") != std::string::npos);
    CHECK(complaint(file(kNames, kSnapshot, "bounds = { " + key + " = 4294967295 }")).empty());
  }
  CHECK(complaint(file(kNames, kSnapshot, "readdir-batch = 4294967296"))
            .find("readdir-batch must be") != std::string::npos);
}

TEST_CASE("scenario files: a namespace is listed once, and so is its parent", "[parse]") {
  CHECK(complaint(file(R"(["a", "b", "a"])", kSnapshot, "")) ==
        "x.toml:4:26: namespace \"a\" is listed twice");
  CHECK(complaint(file(R"(["a", "b", "a/b/c"])", kSnapshot, "")) ==
        "x.toml:4:26: namespace \"a/b/c\" needs \"a/b\", which is not listed");
  CHECK(complaint(file(R"(["a/b", "a", "b"])", kSnapshot, "")).empty());
}

TEST_CASE("scenario files: a snapshot is listed once", "[parse]") {
  CHECK(complaint(file(kNames, R"(snapshots = [{ at = "vm/1/2026-01-01T00:00:00Z" },
    { at = "vm/1/2026-01-01T00:00:00Z" }])",
                       "")) ==
        "x.toml:6:13: there are two snapshots at \"vm/1/2026-01-01T00:00:00Z\"");
}

TEST_CASE("scenario files: whatever a violation is called can be expected", "[parse]") {
  for (const std::string name : {"must-succeed", "actor-threw", "no-leak"}) {
    const auto scenario = parse_scenario(
        file(kNames, kSnapshot, "[expect]\nv8 = \"violation " + name + '"'), "x.toml");
    REQUIRE(scenario);
    CHECK(scenario->expect.at("v8").promise == name);
  }
  const auto stuck =
      parse_scenario(file(kNames, kSnapshot, "[expect]\nv8 = \"violation no-deadlock\""), "x.toml");
  REQUIRE(stuck);
  CHECK(stuck->expect.at("v8").verdict == ExpectedVerdict::deadlock);
}

TEST_CASE("check: the counterexample of an operation that must succeed can be replayed",
          "[check]") {
  const Scenario scenario = ScenarioBuilder("must-replay")
                                .namespaces({"a", "b"})
                                .snapshot("b:vm/100/2026-01-01T00:00:00Z", {{"d.fidx", {"c1"}}})
                                .actor("mover", {"move-group vm/100 --ns b --to a"})
                                .actor("second", {"move-group vm/100 --ns b --to a"})
                                .must_succeed()
                                .expect("v8", "violation must-succeed")
                                .build();
  CheckOptions options;
  options.out_directory = (std::filesystem::temp_directory_path() / "unswept-must-replay").string();
  const auto found = check(scenario, "v8", options);
  REQUIRE(found);
  CHECK(found->as_expected);
  REQUIRE(found->counterexample);
  const auto written = load_scenario(found->counterexample->file);
  INFO((written ? "" : to_string(written.error())));
  REQUIRE(written);
  CHECK(written->expect.at("v8").promise == "must-succeed");
  const auto again = replay(*written, {});
  REQUIRE(again);
  CHECK(again->as_expected);
  CHECK(again->counterexample->promise == "must-succeed");
}

TEST_CASE("check: a directory order for what is not in the store is an error", "[check]") {
  ScenarioBuilder builder("unknown-directory");
  builder.namespaces({"a"}).actor("gc", {"gc"}).permute("nss");
  const auto result = check(builder.build(), "v8", {});
  REQUIRE_FALSE(result);
  CHECK(result.error() == "readdir: unknown directory \"nss\", did you mean \"ns\"?");
}

/// A GC over three namespaces, alone, that is to meet b, c and a in this order.
reports::CaseResult visited(const std::vector<std::string>& listed) {
  ScenarioBuilder builder("visited");
  builder.namespaces({"a", "b", "c"})
      .actor("gc", {"gc"})
      .sometimes("gc.mark.namespace(c) between gc.mark.namespace(b) and gc.mark.namespace(a)");
  Scenario scenario = builder.build();
  scenario.explore.directories.push_back({"ns", DirectoryOrder::listed, listed});
  auto result = check(scenario, "v8", {});
  REQUIRE(result);
  return *std::move(result);
}

TEST_CASE("check: GC meets namespaces in the order that is listed", "[check]") {
  CHECK(visited({"b", "c", "a"}).verdict == model::Verdict::pass);
  CHECK(visited({"b", "a", "c"}).verdict == model::Verdict::inconclusive);
  CHECK(visited({"c", "b"}).verdict == model::Verdict::inconclusive);
}

}  // namespace
}  // namespace unswept::scenarios
