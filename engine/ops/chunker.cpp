#include "engine/ops/chunker.h"

#include <algorithm>
#include <array>
#include <bit>

namespace unswept::engine {
namespace {

constexpr int kHashBits = 64;
constexpr int kNormalisation = 2;
constexpr std::size_t kSmallestAverage = 256;

/// S. Vigna's splitmix64, the values that follow a state of zero.
constexpr std::array<std::uint64_t, 256> make_gear() {
  std::array<std::uint64_t, 256> gear{};
  std::uint64_t state = 0;
  for (std::uint64_t& value : gear) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    value = z ^ (z >> 31);
  }
  return gear;
}

constexpr std::array<std::uint64_t, 256> kGear = make_gear();

constexpr std::uint64_t top_bits(int count) { return ~std::uint64_t{0} << (kHashBits - count); }

}  // namespace

std::optional<ChunkBounds> chunk_bounds(std::uint64_t average) {
  if (!std::has_single_bit(average) || average < kSmallestAverage) return std::nullopt;
  const auto size = static_cast<std::size_t>(average);
  return ChunkBounds{size / 4, size, size * 4};
}

Chunker::Chunker(const ChunkBounds& bounds)
    : bounds_(bounds),
      early_mask_(top_bits(std::countr_zero(bounds.average) + kNormalisation)),
      late_mask_(top_bits(std::countr_zero(bounds.average) - kNormalisation)) {}

std::size_t Chunker::cut(ByteView data) const {
  const std::size_t end = std::min(data.size(), bounds_.max);
  if (end <= bounds_.min) return end;
  const std::size_t turn = std::min(end, bounds_.average);
  std::uint64_t hash = 0;
  const auto roll = [&](std::size_t at) {
    hash = (hash << 1) + kGear[std::to_integer<std::size_t>(data[at])];
  };
  std::size_t at = bounds_.min;
  for (; at < turn; ++at) {
    roll(at);
    if ((hash & early_mask_) == 0) return at + 1;
  }
  for (; at < end; ++at) {
    roll(at);
    if ((hash & late_mask_) == 0) return at + 1;
  }
  return end;
}

}  // namespace unswept::engine
