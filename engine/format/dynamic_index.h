// engine/format/dynamic_index.h: writing a dynamic index, piece by piece or whole.
#pragma once

#include <cstdint>
#include <span>

#include "engine/format/index.h"

namespace unswept::engine {

struct DynamicEntry {
  std::uint64_t end = 0;  // of the chunk in the stream, exclusive
  Digest digest;

  static constexpr std::size_t kSize = 40;
  std::array<std::byte, kSize> encode() const;
};

struct DynamicIndexHeader {
  Uuid uuid{};
  std::int64_t ctime = 0;
  Digest csum;  // zero until the index is closed

  std::array<std::byte, kIndexHeaderSize> encode() const;
};

/// The whole file; the csum of `header` is ignored and computed.
Bytes build_dynamic_index(DynamicIndexHeader header, std::span<const DynamicEntry> entries);

}  // namespace unswept::engine
