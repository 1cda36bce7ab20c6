#include "scenarios/workload/directory_orders.h"

#include <map>
#include <string>

#include "scenarios/setup/store.h"

namespace unswept::scenarios {
namespace {

sim::DirectoryPolicy policy_of(DirectoryOrder order, std::uint32_t batch) {
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
      break;
  }
  return policy;
}

}  // namespace

void set_directory_orders(sim::World& world, const ExploreSpec& explore) {
  std::map<std::string, sim::DirectoryPolicy, std::less<>> named;
  for (const DirectorySpec& directory : explore.directories) {
    std::string path(kStoreBase);
    if (directory.path != ".") path += '/' + directory.path;
    named.emplace(std::move(path), policy_of(directory.order, explore.readdir_batch));
  }
  const sim::DirectoryPolicy usual = policy_of(explore.readdir, explore.readdir_batch);
  const sim::DirectoryPolicy locks = policy_of(DirectoryOrder::sorted, explore.readdir_batch);
  world.set_directory_policy([=](std::string_view path) {
    if (const auto found = named.find(path); found != named.end()) return found->second;
    return path.starts_with(kStoreBase) ? usual : locks;
  });
}

}  // namespace unswept::scenarios
