#include "engine/cli/values.h"

#include <array>

#include "engine/cli/nearest.h"
#include "engine/cli/words.h"
#include "tests/catch.h"

namespace unswept::engine {
namespace {

TEST_CASE("values: durations add up their parts", "[values]") {
  CHECK(parse_duration("90s") == 90);
  CHECK(parse_duration("24h5m") == 86700);
  CHECK(parse_duration("1w2d") == 9 * 86400);
  CHECK(parse_duration("0") == 0);
}

TEST_CASE("values: durations without a unit, with an unknown one, or absurdly long are refused",
          "[values]") {
  for (const auto* text :
       {"", "5", "h", "5x", "5h3", "-5h", "5 h", "99999999999999999999s", "9999999999999w"}) {
    INFO(text);
    CHECK_FALSE(parse_duration(text).has_value());
  }
}

TEST_CASE("values: sizes are powers of 1024", "[values]") {
  CHECK(parse_size("4096") == 4096U);
  CHECK(parse_size("64K") == 65536U);
  CHECK(parse_size("4MiB") == 4194304U);
  CHECK(parse_size("1GB") == 1073741824U);
  for (const auto* text : {"", "M", "4X", "4KK", "18000000000G"}) {
    INFO(text);
    CHECK_FALSE(parse_size(text).has_value());
  }
}

TEST_CASE("words: quotes and backslashes keep blanks, columns count bytes", "[words]") {
  const auto words = split_words("  a 'b c'd \"\" e\\ f");
  REQUIRE(words);
  REQUIRE(words->size() == 4);
  CHECK((*words)[0].text == "a");
  CHECK((*words)[0].column == 3);
  CHECK((*words)[1].text == "b cd");
  CHECK((*words)[1].column == 5);
  CHECK((*words)[2].text.empty());
  CHECK((*words)[2].column == 12);
  CHECK((*words)[3].text == "e f");
}

TEST_CASE("words: an open quote is an error at the quote", "[words]") {
  const auto words = split_words("a b'c d");
  REQUIRE_FALSE(words);
  CHECK(words.error().column == 4);
}

TEST_CASE("nearest: one typing error is forgiven, another word is not", "[nearest]") {
  constexpr std::array<std::string_view, 3> kWords{"move.journal.appended", "gc", "verify"};
  CHECK(nearest_match("move.journal.apended", kWords) == "move.journal.appended");
  CHECK(nearest_match("cg", kWords) == "gc");
  CHECK(nearest_match("veryfy", kWords) == "verify");
  CHECK(nearest_match("restore", kWords).empty());
  CHECK(nearest_match("", kWords).empty());
}

}  // namespace
}  // namespace unswept::engine
