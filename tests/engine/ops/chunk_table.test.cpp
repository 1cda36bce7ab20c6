#include "engine/ops/check/chunk_table.h"

#include <set>

#include "engine/format/sha256.h"
#include "tests/catch.h"

namespace unswept::engine {
namespace {

TEST_CASE("chunk table: finds exactly what was added, early or late", "[check]") {
  std::set<Digest> added;
  for (int i = 0; i < 1'000; ++i) added.insert(sha256(as_bytes("in " + std::to_string(i))));
  // Neighbours at both ends of the table, in one subdirectory.
  added.insert(Digest{});
  Digest last;
  last.bytes.fill(0xff);
  added.insert(last);
  last.bytes.back() = 0;
  added.insert(last);

  ChunkTable table;
  for (const Digest& digest : added) table.add(digest, digest.bytes[5]);
  CHECK(table.size() == added.size());
  for (const Digest& digest : added) {
    const KnownChunk* found = table.find(digest);
    REQUIRE(found != nullptr);
    CHECK(found->digest == digest);
    CHECK(found->stored == digest.bytes[5]);
  }
  const Digest late = sha256(as_bytes("late"));
  CHECK(table.find(late) == nullptr);
  table.add_late(late, 7);
  REQUIRE(table.find(late) != nullptr);
  CHECK(table.find(late)->stored == 7);
}

TEST_CASE("chunk table: an empty one finds nothing", "[check]") {
  ChunkTable table;
  CHECK(table.find(Digest{}) == nullptr);
  CHECK(table.find(sha256({})) == nullptr);
}

}  // namespace
}  // namespace unswept::engine
