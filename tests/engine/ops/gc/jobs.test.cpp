// Marking by several tasks comes to the same as marking by one.
#include <string>
#include <vector>

#include "engine/ops/garbage_collection.h"
#include "engine/os/posix/task_threads.h"
#include "tests/catch.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;

constexpr unsigned kChunks = 40;

std::vector<std::string> names(unsigned first, unsigned last) {
  std::vector<std::string> names;
  for (unsigned i = first; i < last; ++i) names.push_back("c" + std::to_string(i));
  return names;
}

GcResult collect(TestStore& t, unsigned jobs, os::TaskRunner* tasks) {
  GcOptions options;
  options.atime_safety_check = false;
  options.jobs = jobs;
  options.tasks = tasks;
  auto result = collect_garbage(t.store, options);
  REQUIRE(result);
  return *std::move(result);
}

TEST_CASE("gc: any number of jobs keeps what one keeps, and counts the same", "[gc][jobs]") {
  os::TaskThreads threads;
  os::TasksInTurn in_turn;
  for (const unsigned jobs : {1U, 2U, 3U, 7U}) {
    for (os::TaskRunner* tasks :
         {static_cast<os::TaskRunner*>(nullptr), static_cast<os::TaskRunner*>(&in_turn),
          static_cast<os::TaskRunner*>(&threads)}) {
      TestStore t;
      t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", names(0, kChunks - 10));
      t.add_snapshot("", "vm/101/2026-01-02T00:00:00Z", names(10, kChunks));
      t.add_chunk("orphan");
      const GcResult result = collect(t, jobs, tasks);
      for (const std::string& name : names(0, kChunks)) CHECK(t.has_chunk(name));
      CHECK_FALSE(t.has_chunk("orphan"));
      CHECK(result.missing_chunks == 0);
      CHECK(result.status.index_file_count == 2);
      CHECK(result.status.index_data_bytes == 2 * (kChunks - 10) * 64);
      CHECK(result.status.disk_chunks == kChunks);
      CHECK(result.status.removed_chunks == 1);
      CHECK(result.status.cache ==
            GcStatus::CacheStatistics{.hits = kChunks - 20, .misses = kChunks});
    }
  }
}

TEST_CASE("gc: a missing chunk is counted once by any number of jobs", "[gc][jobs]") {
  os::TaskThreads threads;
  for (const unsigned jobs : {1U, 2U, 5U}) {
    TestStore t;
    t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", names(0, kChunks));
    for (const char* name : {"c3", "c4"}) fs::remove(t.store.chunks().path(digest_of(name)));
    CHECK(collect(t, jobs, &threads).missing_chunks == 2);
    CHECK(t.warnings.size() == 2);
  }
}

TEST_CASE("gc: a damaged index stops a collection with several jobs before it sweeps",
          "[gc][jobs]") {
  TestStore t;
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"one"});
  t.add_snapshot("", "vm/101/2026-01-01T00:00:00Z", {"two"});
  t.add_chunk("orphan");
  t.write(t.store.path({}, snapshot("vm/101/2026-01-01T00:00:00Z")) + "/drive.img.fidx",
          "no index");
  os::TaskThreads threads;
  GcOptions options;
  options.atime_safety_check = false;
  options.jobs = 2;
  options.tasks = &threads;
  CHECK_FALSE(collect_garbage(t.store, options));
  CHECK(t.has_chunk("orphan"));
}

}  // namespace
}  // namespace unswept::test
