#include "scenarios/workload/directory_orders.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>

#include "scenarios/parse/store_paths.h"
#include "scenarios/setup/store.h"

namespace unswept::scenarios {
namespace {

sim::DirectoryPolicy policy_of(DirectoryOrder order, std::uint32_t batch, sim::EntryOrders& orders,
                               const std::vector<std::string>& names = {}) {
  sim::DirectoryPolicy policy;
  policy.batch = batch;
  switch (order) {
    case DirectoryOrder::sorted:
      policy.order = sim::DirectoryOrder::sorted;
      break;
    case DirectoryOrder::reversed:
      policy.order = sim::DirectoryOrder::reversed;
      break;
    case DirectoryOrder::all:
      policy.order = sim::DirectoryOrder::permuted;
      policy.races = true;
      policy.orders = &orders;
      break;
    case DirectoryOrder::listed:
      policy.order = sim::DirectoryOrder::listed;
      policy.names = std::make_shared<const std::vector<std::string>>(names);
      break;
  }
  return policy;
}

void add_below(StorePaths& paths, const sim::View& view, sim::InodeNumber directory,
               const std::string& prefix) {
  std::vector<sim::Child> children;
  view.children(directory, children);
  for (const sim::Child& child : children) {
    const std::string path = prefix + std::string(child.name);
    if (child.type != os::FileType::directory) {
      paths.add_file(path);
      continue;
    }
    paths.add_directory(path);
    add_below(paths, view, child.inode, path + '/');
  }
}

/// An imported store is known only now that it is there.
StorePaths paths_of(sim::World& world, const Scenario& scenario) {
  StorePaths paths = StorePaths::described_by(scenario);
  const sim::View view = world.view();
  if (const auto store = view.lookup(kStoreBase)) add_below(paths, view, *store, "");
  paths.add_made_by(scenario.actors);
  return paths;
}

}  // namespace

bool varies_orders(const ExploreSpec& explore) {
  return explore.readdir == DirectoryOrder::all ||
         std::ranges::any_of(explore.directories, [](const DirectorySpec& directory) {
           return directory.order == DirectoryOrder::all;
         });
}

std::expected<void, std::string> set_directory_orders(sim::World& world, const Scenario& scenario,
                                                      sim::EntryOrders& orders) {
  const ExploreSpec& explore = scenario.explore;
  if (!explore.directories.empty())
    for (UnknownPath& unknown : unknown_paths(explore.directories, paths_of(world, scenario)))
      return std::unexpected("readdir: " + std::move(unknown.message));
  std::map<std::string, sim::DirectoryPolicy, std::less<>> named;
  for (const DirectorySpec& directory : explore.directories) {
    std::string path(kStoreBase);
    if (directory.path != ".") path += '/' + directory.path;
    named.emplace(std::move(path),
                  policy_of(directory.order, explore.readdir_batch, orders, directory.names));
  }
  const sim::DirectoryPolicy usual = policy_of(explore.readdir, explore.readdir_batch, orders);
  const sim::DirectoryPolicy locks =
      policy_of(DirectoryOrder::sorted, explore.readdir_batch, orders);
  world.set_directory_policy([=](std::string_view path) {
    if (const auto found = named.find(path); found != named.end()) return found->second;
    return path.starts_with(kStoreBase) ? usual : locks;
  });
  return {};
}

}  // namespace unswept::scenarios
