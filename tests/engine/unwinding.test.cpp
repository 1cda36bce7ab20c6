// A world may end a task in any call by throwing (engine/os/system.h).  Whatever the call, the
// task's locks are given up on the way out and nothing else is done.
#include <algorithm>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "tests/engine/command_store.h"

namespace unswept::engine {
namespace {

using test::CommandStore;

/// What ends a task.  No standard exception: nobody but the world may catch it.
struct Ended {};

struct Setting {
  std::vector<std::string> before;
  std::string command;
};

std::size_t open_descriptors() {
  namespace fs = std::filesystem;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

void prepare(CommandStore& store, const Setting& setting) {
  for (const std::string& line : setting.before) store.must(line);
  // The process keeps this file open from its first use on.
  REQUIRE(store.store().process_store().lock.open());
  store.system.calls.clear();
}

std::size_t calls_of(const Setting& setting) {
  CommandStore store;
  prepare(store, setting);
  store.must(setting.command);
  return store.system.calls.size();
}

void check_nothing_is_held(CommandStore& store) {
  ProcessStore& process = store.store().process_store();
  for (os::Mutex* mutex : {process.chunk_mutex.get(), process.gc_mutex.get()}) {
    REQUIRE(mutex->try_lock());
    mutex->unlock();
  }
  CHECK_FALSE(process.lock.oldest_writer().has_value());
  auto collector = process.lock.try_exclusive();
  REQUIRE(collector);
  collector->release();
}

/// Runs the command and ends it in its call number `end`, from 1.
void run_until(const Setting& setting, std::size_t end) {
  CommandStore store;
  prepare(store, setting);
  const std::size_t descriptors = open_descriptors();
  std::vector<std::string> on_the_way_out;
  store.system.fault = [&](const std::string& call) {
    if (std::uncaught_exceptions() > 0) {
      on_the_way_out.push_back(call);
    } else if (store.system.calls.size() == end) {
      throw Ended();
    }
    return os::Errno{};
  };
  INFO(setting.command << ", ended in call " << end);
  CHECK_THROWS_AS(store.run(setting.command), Ended);
  store.system.fault = nullptr;
  INFO(store.system.calls[end - 1]);
  CHECK(std::ranges::all_of(
      on_the_way_out, [](const std::string& call) { return call.starts_with("record-lock "); }));
  CHECK(open_descriptors() == descriptors);
  check_nothing_is_held(store);
}

TEST_CASE("unwinding: a task that ends in any call gives its locks up and does nothing else",
          "[unwinding]") {
  const std::string first = "backup vm/1 --ns a --time 2026-01-01T00:00:00Z d.fidx=@c1 r.didx=@c2";
  const std::string second =
      "backup vm/1 --ns a --time 2026-01-02T00:00:00Z d.fidx=@c1,c3 b.blob=x";
  const std::vector<std::string> one = {"ns create a", "ns create b", first};
  const std::vector<std::string> two = {"ns create a", "ns create b", first, second};
  const std::vector<Setting> settings = {
      {{"ns create a"}, first},
      {one, second},
      {two, "gc --no-atime-check"},
      {two, "move-group vm/1 --ns a --to b"},
      {two, "move-namespace a --to b/c"},
      {two, "forget --ns a vm/1/2026-01-01T00:00:00Z"},
      {two, "prune vm/1 --ns a --keep-last 1"},
      {two, "verify --ns a"},
      {two, "ns remove a --delete-groups"},
      {two, "change-owner vm/1 me@pbs --ns a"},
  };
  for (const Setting& setting : settings) {
    const std::size_t calls = calls_of(setting);
    for (std::size_t end = 1; end <= calls; ++end) run_until(setting, end);
  }
}

}  // namespace
}  // namespace unswept::engine
