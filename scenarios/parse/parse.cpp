#include "scenarios/parse/parse.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "scenarios/parse/sections.h"
#include "scenarios/parse/store_paths.h"
#include "scenarios/parse/suggest.h"

namespace unswept::scenarios {
namespace {

std::vector<std::string_view> actor_names(const Scenario& scenario) {
  std::vector<std::string_view> names;
  for (const ActorSpec& actor : scenario.actors) names.push_back(actor.name);
  return names;
}

bool contains(const std::vector<std::string_view>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// An actor may start after actors that stand before it, so that nobody waits in a circle.
void check_actors(const Scenario& scenario, const std::vector<Location>& places,
                  Complaints& complaints) {
  const auto all = actor_names(scenario);
  std::vector<std::string_view> earlier;
  for (std::size_t i = 0; i < scenario.actors.size(); ++i) {
    const ActorSpec& actor = scenario.actors[i];
    if (contains(earlier, actor.name))
      complaints.add(places[i], "there are two actors named \"" + actor.name + '"');
    for (const std::string& name : actor.after) {
      if (contains(earlier, name)) continue;
      complaints.add(places[i],
                     contains(all, name)
                         ? "\"" + name + "\" must stand before the actor that waits for it"
                         : unknown_word("actor", name, all));
    }
    earlier.push_back(actor.name);
  }
}

void check_order(const Scenario& scenario, const toml::table& explore, Complaints& complaints) {
  const auto names = actor_names(scenario);
  const toml::array* order = explore["order"].as_array();
  if (order == nullptr || order->size() != scenario.explore.order.size()) return;
  for (std::size_t i = 0; i < scenario.explore.order.size(); ++i) {
    const std::string& actor = scenario.explore.order[i].actor;
    if (!contains(names, actor))
      complaints.add_inside(*order->get(i), 0, unknown_word("actor", actor, names));
  }
}

/// The value in `readdir` that names the path.
const toml::node* node_of(const toml::node& readdir, const UnknownPath& unknown) {
  const auto element_of = [](const toml::array* list, const std::string& text) {
    const toml::node* found = nullptr;
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i)
      if (list->get(i)->value_exact<std::string>() == text) found = list->get(i);
    return found;
  };
  if (const toml::array* list = readdir.as_array()) return element_of(list, unknown.directory);
  const toml::node* value = readdir.as_table()->get(unknown.directory);
  return unknown.name ? element_of(value->as_array(), *unknown.name) : value;
}

/// Of an imported store nothing is known yet; it is looked at once it is there.
void check_directories(const Scenario& scenario, const toml::table& explore,
                       Complaints& complaints) {
  const auto& directories = scenario.explore.directories;
  if (directories.empty() || !scenario.store.import_directory.empty()) return;
  for (UnknownPath& unknown : unknown_paths(directories, StorePaths::described_by(scenario)))
    complaints.add(location_of(node_of(*explore.get("readdir"), unknown)->source()),
                   std::move(unknown.message));
}

void read_actors(TableReader& reader, Scenario& scenario, Complaints& complaints) {
  std::vector<Location> places;
  reader.each_table("actor", [&](const toml::table& table) {
    scenario.actors.push_back(read_actor(table, complaints));
    const toml::node* name = table.get("name");
    places.push_back(location_of(name != nullptr ? name->source() : table.source()));
  });
  if (scenario.actors.empty()) complaints.add({1, 1}, "there is no [[actor]]");
  check_actors(scenario, places, complaints);
}

void read_head(TableReader& reader, Scenario& scenario, std::string_view file) {
  if (reader.number("format").value_or(0) != 1)
    reader.complain("format", "format = 1 is the only format this build reads");
  scenario.name = reader.text("name").value_or("");
  scenario.about = reader.text("about").value_or("");
  const std::string stem = std::filesystem::path(file).stem().string();
  if (scenario.name != stem)
    reader.complain("name", "the name must equal the file's: \"" + stem + '"');
}

Scenario read_scenario(const toml::table& file_table, std::string_view file,
                       Complaints& complaints) {
  Scenario scenario;
  TableReader reader(file_table, complaints);
  read_head(reader, scenario, file);
  if (const toml::table* store = reader.table("store"))
    scenario.store = read_store(*store, complaints);
  read_actors(reader, scenario, complaints);
  if (const toml::table* explore = reader.table("explore")) {
    scenario.explore = read_explore(*explore, complaints);
    check_order(scenario, *explore, complaints);
    if (complaints.empty()) check_directories(scenario, *explore, complaints);
  }
  if (const toml::table* faults = reader.table("faults")) read_faults(*faults, complaints);
  const toml::table* check = reader.table("check");
  scenario.check = check != nullptr ? read_check(*check, complaints) : every_promise();
  if (const toml::table* expect = reader.table("expect"))
    scenario.expect = read_expect(*expect, complaints);
  if (const toml::table* trace = reader.table("trace"))
    scenario.trace = read_trace(*trace, complaints);
  reader.finish("the scenario");
  return scenario;
}

}  // namespace

std::expected<Scenario, Diagnostics> parse_scenario(std::string_view toml, std::string_view file) {
  Complaints complaints(file);
  try {
    const toml::table table = toml::parse(toml, file);
    Scenario scenario = read_scenario(table, file, complaints);
    if (complaints.empty()) return scenario;
  } catch (const toml::parse_error& error) {
    complaints.add(location_of(error.source()), std::string(error.description()));
  }
  return std::unexpected(complaints.take());
}

std::expected<Scenario, Diagnostics> load_scenario(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream.good() && text.empty())
    return std::unexpected(Diagnostics{{path, {}, "cannot be read"}});
  auto scenario = parse_scenario(text, path);
  if (!scenario) return scenario;
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  for (std::string* directory : {&scenario->store.import_directory, &scenario->store.import_locks})
    if (!directory->empty()) *directory = (folder / *directory).lexically_normal().string();
  return scenario;
}

}  // namespace unswept::scenarios
