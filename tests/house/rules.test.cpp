#include "tests/house/rules.h"

#include <map>

#include "tests/catch.h"

namespace unswept::house {
namespace {

/// Applies a rule to every file of the tree.
template <class Rule>
Problems findings(Rule rule) {
  Problems all;
  for (const auto& file : read_source_tree(UNSWEPT_SOURCE_DIR))
    for (auto& problem : rule(file)) all.push_back(std::move(problem));
  return all;
}

const SourceFile* find(const std::vector<SourceFile>& tree, std::string_view path) {
  for (const auto& file : tree)
    if (file.path == path) return &file;
  return nullptr;
}

#define CHECK_TREE(rule)                 \
  do {                                   \
    const auto problems = findings rule; \
    INFO(join(problems));                \
    CHECK(problems.empty());             \
  } while (false)

TEST_CASE("house: every header states its purpose and is included once", "[house]") {
  CHECK_TREE((header_problems));
  CHECK(header_problems({"sim/a.h", "// sim/a.h: a.\n#pragma once\n"}).empty());
  CHECK(header_problems({"sim/a.h", "#pragma once\n"}).size() == 1);
  CHECK(header_problems({"sim/a.h", "// sim/b.h: moved.\n#pragma once\n"}).size() == 1);
  CHECK(header_problems({"sim/a.h", "// sim/a.h: a.\n"}).size() == 1);
}

TEST_CASE("house: lines and files keep to their size", "[house]") {
  CHECK_TREE((layout_problems));
  CHECK(layout_problems({"a.cpp", "\tint x;\n"}).size() == 1);
  CHECK(layout_problems({"a.cpp", "int x; \n"}).size() == 1);
  CHECK(layout_problems({"a.cpp", "int x;"}).size() == 1);
  CHECK(layout_problems({"a.cpp", std::string(101, 'x') + "\n"}).size() == 1);
  CHECK(layout_problems({"a.cpp", std::string(100, 'x') + "\n"}).empty());
  CHECK(layout_problems({"a.toml", std::string(101, 'x') + "\n"}).empty());
  const std::string wide(101, 'x');
  CHECK(layout_problems({"a.cpp", "auto t = R\"(\n" + wide + ")\";\n"}).empty());
  CHECK(layout_problems({"a.cpp", "auto t = R\"(a)\";\n" + wide + "\n"}).size() == 1);
  CHECK(layout_problems({"a.md", std::string(101, 'x') + "\n"}).empty());
  CHECK(layout_problems({"a.cpp", std::string(701, '\n')}).size() == 1);
}

TEST_CASE("house: no notes to oneself and nobody's home directory", "[house]") {
  CHECK_TREE((wording_problems));
  CHECK(wording_problems({"a.cpp",
                          "// TO"
                          "DO: later\n"})
            .size() == 1);
  CHECK(wording_problems({"a.md",
                          "cd /ho"
                          "me/somebody\n"})
            .size() == 1);
}

TEST_CASE("house: no mutable static state, no clock and no chance in the libraries", "[house]") {
  CHECK_TREE((determinism_problems));
  const auto faults = [](std::string path, std::string line) {
    return determinism_problems({std::move(path), line + "\n"}).size();
  };
  CHECK(faults("engine/a.cpp", "static int counter = 0;") == 1);
  CHECK(faults("sim/a.cpp", "  thread_local Pool pool;") == 1);
  CHECK(faults("sim/a.cpp", "static Pool pool = make();") == 1);
  CHECK(faults("sim/a.cpp", "static constexpr int kMax = 3;") == 0);
  CHECK(faults("sim/a.cpp", "static Wait none();") == 0);
  CHECK(faults("model/a.cpp", "auto t = std::chrono::steady_clock::now();") == 1);
  CHECK(faults("engine/os/posix/a.cpp", "auto t = std::chrono::system_clock::now();") == 0);
}

TEST_CASE("house: a scenario's name is its file's name, and names are unique", "[house]") {
  CHECK_TREE((scenario_problems));
  CHECK(scenario_problems({"scenarios/race/a.toml", "format = 1\nname   = \"a\"\n"}).empty());
  CHECK(scenario_problems({"scenarios/race/a.toml", "name = \"b\"\n"}).size() == 1);
  CHECK(scenario_problems({"scenarios/race/a.toml", "format = 1\n"}).size() == 1);

  std::map<std::string, int> files_of_name;
  for (const auto& file : read_source_tree(UNSWEPT_SOURCE_DIR)) {
    if (!file.is_below("scenarios/") || !file.has_extension(".toml")) continue;
    ++files_of_name[file.path.substr(file.path.rfind('/') + 1)];
  }
  for (const auto& [name, count] : files_of_name) {
    INFO(name);
    CHECK(count == 1);
  }
}

TEST_CASE("house: links between documents lead somewhere", "[house]") {
  const std::string root = UNSWEPT_SOURCE_DIR;
  CHECK_TREE(([&](const SourceFile& file) { return link_problems(file, root); }));
  CHECK(link_problems({"docs/a.md", "see [it](no-such-file.md#part)\n"}, root).size() == 1);
  CHECK(link_problems({"docs/a.md", "[r](../README.md) [w](https://x.org)\n"}, root).empty());
}

TEST_CASE("house: the README shows the two commands that matter", "[house]") {
  const auto tree = read_source_tree(UNSWEPT_SOURCE_DIR);
  const auto* readme = find(tree, "README.md");
  REQUIRE(readme != nullptr);
  CHECK(readme->text.find("./dev demo") != std::string::npos);
  CHECK(readme->text.find("./dev test") != std::string::npos);
  CHECK(find(tree, "ARCHITECTURE.md") != nullptr);
  CHECK(find(tree, "CHANGELOG.md") != nullptr);
}

}  // namespace
}  // namespace unswept::house
