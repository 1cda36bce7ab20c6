// engine/format/crc32.h: the checksum in blob headers (IEEE, as in zlib).
#pragma once

#include <cstdint>

#include "engine/format/bytes.h"

namespace unswept::engine {

std::uint32_t crc32(ByteView bytes);

}  // namespace unswept::engine
