#include "engine/ops/backup_estimate.h"

#include "tests/engine/command_store.h"

namespace unswept::engine {
namespace {

using unswept::test::CommandStore;

BackupEstimate estimate(CommandStore& store, std::string_view line) {
  return std::get<BackupEstimate>(store.must(line));
}

TEST_CASE("backup dry run: tells what would be uploaded, and leaves no trace", "[backup]") {
  CommandStore store;
  store.must("backup vm/1 --time 2026-01-01T00:00:00Z a.fidx=@c1,c2");
  const auto before = store.list("vm/1");
  const auto result = estimate(
      store, "backup vm/1 --time 2026-01-02T00:00:00Z --dry-run a.fidx=@c1,c3,c3 b.didx=@c2,c4");
  CHECK(result.archives == 2);
  CHECK(result.bytes == 5 * 64);
  CHECK(result.chunks == 4);
  CHECK(result.new_chunks == 2);
  CHECK(result.new_bytes == 2 * 64);
  CHECK(store.list("vm/1") == before);
  CHECK_FALSE(store.has_chunk("c3"));

  const auto made = std::get<BackupResult>(
      store.must("backup vm/1 --time 2026-01-02T00:00:00Z a.fidx=@c1,c3,c3 b.didx=@c2,c4"));
  CHECK(made.uploads.count - made.uploads.duplicates == result.new_chunks);
}

TEST_CASE("backup dry run: makes no group", "[backup]") {
  CommandStore store;
  CHECK(estimate(store, "backup vm/7 --dry-run a.fidx=@c1").new_chunks == 1);
  CHECK_FALSE(store.has("vm"));
}

TEST_CASE("backup dry run: refuses what the backup would refuse", "[backup]") {
  CommandStore store;
  store.must("backup vm/1 --time 2026-01-02T00:00:00Z a.fidx=@c1");
  CHECK(store.error_of("backup vm/1 --dry-run --time 2026-01-02T00:00:00Z a.fidx=@c1") ==
        ErrorKind::refused);
  CHECK(store.error_of("backup vm/1 --dry-run --owner me@pam a.fidx=@c1") == ErrorKind::refused);
  CHECK(store.error_of("backup vm/1 --dry-run --ns a a.fidx=@c1") == ErrorKind::not_found);
}

}  // namespace
}  // namespace unswept::engine
