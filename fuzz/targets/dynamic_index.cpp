// Dynamic indexes: entries until the end of the file.
#include "engine/format/dynamic_index.h"

#include "engine/format/sha256.h"
#include "fuzz/index_checks.h"

namespace unswept::fuzz {

std::vector<engine::Bytes> seeds() {
  const auto digest = engine::sha256(engine::as_bytes(std::string_view("hello")));
  const std::vector<engine::DynamicEntry> entries = {{5, digest}, {12, {}}, {17, digest}};
  // Ends that do not rise: damaged, but no reader looks.
  const std::vector<engine::DynamicEntry> falling = {{~std::uint64_t{0}, digest}, {0, digest}};
  return {engine::build_dynamic_index({}, std::span(entries).first(1)),
          engine::build_dynamic_index({}, entries), engine::build_dynamic_index({}, falling)};
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  unswept::fuzz::check_index(unswept::engine::IndexKind::dynamic,
                             unswept::fuzz::input_bytes(data, size));
  return 0;
}
