// A dry run says what the collection does that follows it, and does nothing itself.
#include "engine/ops/garbage_collection.h"
#include "engine/ops/move_group.h"
#include "tests/catch.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;

constexpr GcOptions kQuick{.atime_safety_check = false};

/// The figures that a dry run and a collection have in common.
GcStatus figures(GcStatus status) {
  status.cache.reset();
  status.upid.reset();
  return status;
}

/// A bit of everything that a collection tells apart.
void fill(TestStore& t) {
  t.add_snapshot("", "vm/100/2026-01-01T00:00:00Z", {"one", "two"});
  t.add_snapshot("", "vm/100/2026-01-02T00:00:00Z", {"two", "missing", "aside"});
  t.add_chunk("old orphan");
  t.add_chunk("young orphan", kHour);
  const auto rename_to_bad = [&](std::string_view chunk) {
    fs::rename(t.store.chunks().path(digest_of(chunk)),
               t.store.chunks().path(digest_of(chunk)) + ".0.bad");
  };
  t.add_chunk("old and bad");
  for (const char* chunk : {"aside", "old and bad"}) rename_to_bad(chunk);
  fs::remove(t.store.chunks().path(digest_of("missing")));
}

TEST_CASE("gc dry run: says what a collection then does", "[gc]") {
  TestStore t;
  fill(t);
  const auto predicted = predict_garbage(t.store, kQuick);
  REQUIRE(predicted);
  CHECK(predicted->predicted);
  CHECK(predicted->status.removed_chunks == 1);
  CHECK(predicted->status.removed_bad == 1);
  CHECK(predicted->status.disk_chunks == 2);
  CHECK(predicted->status.pending_chunks == 1);

  const auto collected = collect_garbage(t.store, kQuick);
  REQUIRE(collected);
  CHECK_FALSE(collected->predicted);
  CHECK(figures(predicted->status) == figures(collected->status));
  CHECK(predicted->missing_chunks == 1);
  CHECK(collected->missing_chunks == 1);
}

TEST_CASE("gc dry run: removes and touches nothing, and leaves the journal", "[gc]") {
  TestStore t;
  fill(t);
  t.add_namespace("a");
  REQUIRE(move_group(t.store, group("vm/100"), ns(""), ns("a")));
  const auto age_before = t.age_of(t.store.chunks().path(digest_of("one")));
  const auto journal_before = fs::file_size(t.store.move_journal_path());
  REQUIRE(predict_garbage(t.store));
  CHECK(t.has_chunk("old orphan"));
  CHECK(t.age_of(t.store.chunks().path(digest_of("one"))) >= age_before);
  CHECK(journal_before > 0);
  CHECK(fs::file_size(t.store.move_journal_path()) == journal_before);
  CHECK_FALSE(fs::exists(t.root() + "/store/.gc-status"));
}

TEST_CASE("gc dry run: refuses where a collection would", "[gc]") {
  TestStore t;
  fill(t);
  const fs::path broken = t.root() + "/store/vm/100/2026-01-01T00:00:00Z/broken.fidx";
  std::ofstream(broken) << "no index";
  CHECK_FALSE(predict_garbage(t.store, kQuick));
  CHECK_FALSE(collect_garbage(t.store, kQuick));
  fs::remove(broken);
  fs::create_directories(fs::path(t.store.move_journal_path()).parent_path());
  std::ofstream(t.store.move_journal_path()) << "relative.fidx\n";
  CHECK_FALSE(predict_garbage(t.store, kQuick));
  CHECK_FALSE(collect_garbage(t.store, kQuick));
}

}  // namespace
}  // namespace unswept::test
