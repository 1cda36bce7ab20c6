#include "engine/process.h"

#include "engine/format/names.h"

namespace unswept::engine {

namespace {
std::string process_lock_path(const std::string& base) {
  std::string path = base;
  path += '/';
  path += kProcessLockName;
  return path;
}
}  // namespace

ProcessStore::ProcessStore(os::System& system, std::string base_directory)
    : base(std::move(base_directory)),
      lock(system, process_lock_path(base)),
      gc_mutex(system.make_mutex("garbage-collection")),
      chunk_mutex(system.make_mutex("chunk-store")) {}

ProcessStore& Process::store(std::string_view base) {
  for (const auto& known : stores_)
    if (known->base == base) return *known;
  return *stores_.emplace_back(std::make_unique<ProcessStore>(system_, std::string(base)));
}

}  // namespace unswept::engine
