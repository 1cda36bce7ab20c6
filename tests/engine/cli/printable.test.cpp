#include "engine/cli/printable.h"

#include <string>

#include "tests/catch.h"

namespace unswept::engine {
namespace {

TEST_CASE("printable: what steers a terminal is written out", "[printable]") {
  CHECK(printable("\x1b]0;title\x07") == R"(\x1b]0;title\x07)");
  CHECK(printable("a\rb\nc\td") == R"(a\x0db\x0ac\x09d)");
  CHECK(printable(std::string_view("\0\x7f", 2)) == R"(\x00\x7f)");
  CHECK(printable("\xc2\x9b"
                  "31m") == R"(\xc2\x9b31m)");  // C1: control sequence introducer
  CHECK(printable("\x9b"
                  "31m") == R"(\x9b31m)");
}

TEST_CASE("printable: text stays as it is", "[printable]") {
  for (const std::string_view text : {"", "drive.img.fidx", "d\xc3\xa9j\xc3\xa0 vu", "\xc2\xa0",
                                      "\xe2\x82\xac 5", "\xf0\x9f\x98\x80"}) {
    CHECK(printable(text) == text);
    CHECK(printable_lines(text) == text);
  }
}

TEST_CASE("printable: bytes that are no text are written out, one by one", "[printable]") {
  CHECK(printable("\xff"
                  "a") == R"(\xffa)");
  CHECK(printable("\xe2\x82") == R"(\xe2\x82)");
  CHECK(printable("\xc0\xaf") == R"(\xc0\xaf)");
}

TEST_CASE("printable: lines stay lines where there may be several", "[printable]") {
  CHECK(printable_lines("one\n\ttwo\x1b[2J") == "one\n\ttwo\\x1b[2J");
  CHECK(printable_lines("over\rwritten") == R"(over\x0dwritten)");
}

}  // namespace
}  // namespace unswept::engine
