// Content-defined chunking: any stream, of which any number of bytes come at a time.
#include "engine/ops/chunker.h"

#include <algorithm>
#include <optional>

#include "engine/ops/stream_cutter.h"
#include "fuzz/target.h"

namespace unswept::fuzz {
namespace {

using engine::Bytes;
using engine::ByteView;

/// Small, so that a short input has several chunks.
constexpr std::uint64_t kAverages[] = {256, 512, 1024, 4096};

/// Gives a stream in pieces whose sizes follow from a seed (xorshift; G. Marsaglia, "Xorshift
/// RNGs", 2003), from one byte up to all that there is room for.
class Pieces {
 public:
  Pieces(ByteView stream, std::uint32_t seed) : rest_(stream), state_(seed | 1) {}

  std::size_t operator()(std::span<std::byte> out) {
    require(!out.empty() && !ended_);
    const std::size_t size = std::min({rest_.size(), out.size(), next_size()});
    std::ranges::copy(rest_.first(size), out.begin());
    rest_ = rest_.subspan(size);
    ended_ = size == 0;
    return size;
  }

 private:
  std::size_t next_size() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return 1 + (state_ >> 8) % (std::size_t{1} << state_ % 15);
  }

  ByteView rest_;
  std::uint32_t state_;
  bool ended_ = false;
};

/// The chunk that starts `data` ends within the bounds, and no later byte had a say in where.
void check_chunk(const engine::Chunker& chunker, ByteView data, std::size_t length) {
  const engine::ChunkBounds& bounds = chunker.bounds();
  require(length > 0 && length <= data.size() && length <= bounds.max);
  if (length == data.size()) return;
  require(length > bounds.min);
  require(chunker.cut(data.first(std::min(data.size(), bounds.max))) == length);
  // One byte less, and the end is where the data ends: nothing before it is a place to cut.
  require(chunker.cut(data.first(length)) == length);
  require(chunker.cut(data.first(length - 1)) == length - 1);
}

void check_stream(const engine::ChunkBounds& bounds, ByteView stream, std::uint32_t seed) {
  const engine::Chunker chunker(bounds);
  Pieces pieces(stream, seed);
  engine::StreamCutter cutter(
      bounds, [&](std::span<std::byte> out) -> engine::Result<std::size_t> { return pieces(out); });
  for (ByteView rest = stream; !rest.empty();) {
    const std::size_t length = chunker.cut(rest);
    check_chunk(chunker, rest, length);
    const auto chunk = cutter.next();
    require(chunk && std::ranges::equal(*chunk, rest.first(length)));
    rest = rest.subspan(length);
  }
  for (int again = 0; again < 2; ++again) {
    const auto end = cutter.next();
    require(end && end->empty());
  }
}

}  // namespace

std::vector<Bytes> seeds() {
  const auto varied = [](std::size_t size, unsigned factor) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>((i * i + factor) >> 3);
    return bytes;
  };
  return {Bytes(5), Bytes(9'000), varied(300, 1), varied(5'000, 7), varied(16'000, 77)};
}

}  // namespace unswept::fuzz

/// The first byte chooses the bounds, the next four the pieces; the stream follows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  constexpr std::size_t kChoices = 5;
  if (size < kChoices) return 0;
  std::uint32_t seed = 0;
  for (std::size_t i = 1; i < kChoices; ++i) seed = seed << 8 | data[i];
  const auto bounds = engine::chunk_bounds(fuzz::kAverages[data[0] % std::size(fuzz::kAverages)]);
  fuzz::require(bounds.has_value());
  fuzz::check_stream(*bounds, fuzz::input_bytes(data, size).subspan(kChoices), seed);
  return 0;
}
