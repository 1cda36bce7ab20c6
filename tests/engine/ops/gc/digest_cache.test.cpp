#include "engine/ops/gc/digest_cache.h"

#include <algorithm>
#include <deque>
#include <random>

#include "engine/ops/gc/path_set.h"
#include "tests/catch.h"

namespace unswept::test {
namespace {

using namespace engine;

Digest digest(unsigned number) {
  Digest digest;
  digest.bytes[0] = static_cast<std::uint8_t>(number);
  return digest;
}

TEST_CASE("digest cache: the least recently used one is forgotten first", "[gc]") {
  DigestCache cache(2);
  CHECK_FALSE(cache.insert(digest(1)));
  CHECK_FALSE(cache.insert(digest(2)));
  CHECK(cache.insert(digest(1)));
  CHECK_FALSE(cache.insert(digest(3)));
  CHECK_FALSE(cache.insert(digest(2)));
  CHECK(cache.insert(digest(3)));
  CHECK(cache.hits() == 2);
  CHECK(cache.misses() == 4);
}

TEST_CASE("digest cache: with no capacity nothing is remembered", "[gc]") {
  DigestCache cache(0);
  CHECK_FALSE(cache.insert(digest(1)));
  CHECK_FALSE(cache.insert(digest(1)));
}

TEST_CASE("digest cache: agrees with a list, whatever is inserted", "[gc]") {
  std::mt19937 random(7);
  for (std::size_t capacity : {1U, 2U, 5U, 16U}) {
    DigestCache cache(capacity);
    std::deque<unsigned> list;
    for (int i = 0; i < 2000; ++i) {
      const unsigned number = static_cast<unsigned>(random() % 20);
      const auto known = std::ranges::find(list, number);
      const bool hit = known != list.end();
      if (hit) list.erase(known);
      list.push_front(number);
      if (list.size() > capacity) list.pop_back();
      REQUIRE(cache.insert(digest(number)) == hit);
    }
  }
}

TEST_CASE("digest cache: digests of one hash are told apart, also when some are forgotten",
          "[gc]") {
  // All bytes but the last are the same, so all hashes are.
  auto twin = [](unsigned number) {
    Digest digest;
    digest.bytes.back() = static_cast<std::uint8_t>(number);
    return digest;
  };
  constexpr unsigned kCapacity = 40;
  DigestCache cache(kCapacity);
  for (unsigned i = 0; i < kCapacity; ++i) REQUIRE_FALSE(cache.insert(twin(i)));
  for (unsigned i = 0; i < kCapacity; ++i) REQUIRE(cache.insert(twin(i)));
  REQUIRE_FALSE(cache.insert(twin(kCapacity)));
  REQUIRE_FALSE(cache.insert(twin(0)));
  for (unsigned i = 2; i <= kCapacity; ++i) REQUIRE(cache.insert(twin(i)));
}

TEST_CASE("digest cache: what is expected is not thereby in it", "[gc]") {
  DigestCache cache(2);
  cache.expect_far(digest(1));
  CHECK_FALSE(cache.insert(digest(1)));
  cache.expect_far(digest(2));
  cache.expect_near(digest(2));
  CHECK_FALSE(cache.insert(digest(2)));
  CHECK(cache.insert(digest(1)));
}

TEST_CASE("path set: what was not taken out is left, once and in order", "[gc]") {
  PathSet set;
  for (const char* path : {"/c", "/a", "/b", "/a"}) set.add(path);
  set.sort();
  CHECK(set.added() == 3);
  CHECK(set.remove("/b"));
  CHECK_FALSE(set.remove("/b"));
  CHECK_FALSE(set.remove("/d"));
  CHECK(set.remaining() == std::vector<std::string>{"/a", "/c"});
}

}  // namespace
}  // namespace unswept::test
