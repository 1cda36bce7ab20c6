// Fixed indexes: a header that says how many digests follow.
#include "engine/format/fixed_index.h"

#include "engine/format/sha256.h"
#include "fuzz/index_checks.h"

namespace unswept::fuzz {

std::vector<engine::Bytes> seeds() {
  const auto digest = engine::sha256(engine::as_bytes(std::string_view("hello")));
  const std::vector<engine::Digest> digests(5, digest);
  const auto index = [&](std::uint64_t size, std::uint64_t chunk_size, std::size_t count) {
    const engine::FixedIndexHeader header{{}, 1'700'000'000, {}, size, chunk_size};
    return engine::build_fixed_index(header, std::span(digests).first(count));
  };
  return {index(5, 65536, 1), index(65541, 65536, 2),
          index(5 * engine::kFixedChunkSize, engine::kFixedChunkSize, 5),
          // One chunk that is as large as can be.
          index(~std::uint64_t{0}, std::uint64_t{1} << 63, 2)};
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  unswept::fuzz::check_index(unswept::engine::IndexKind::fixed,
                             unswept::fuzz::input_bytes(data, size));
  return 0;
}
