#include "engine/format/crc32.h"

#include <zlib.h>

namespace unswept::engine {

std::uint32_t crc32(ByteView bytes) {
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  return static_cast<std::uint32_t>(::crc32_z(0, data, bytes.size()));
}

}  // namespace unswept::engine
