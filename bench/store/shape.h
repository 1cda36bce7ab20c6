// bench/store/shape.h: how large the stores are that unswept-store-bench measures on.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace unswept::bench {

/// What refers to a store's chunks.
struct Shape {
  std::string_view name;
  std::uint64_t groups;
  std::uint64_t snapshots_per_group;
  /// In so many snapshots of its group a chunk is, on average.
  std::uint64_t references_per_chunk;

  std::uint64_t snapshots() const { return groups * snapshots_per_group; }
};

inline constexpr std::uint64_t kFullChunks = 1'000'000;
inline constexpr std::uint64_t kQuickChunks = 100'000;

/// 200 snapshots; ten thousand in groups of four; four, each of which has every chunk.
inline constexpr Shape kShapes[] = {
    {"standard", 10, 20, 4},
    {"many-small-groups", 2'500, 4, 4},
    {"few-huge-indexes", 1, 4, 4},
};

}  // namespace unswept::bench
