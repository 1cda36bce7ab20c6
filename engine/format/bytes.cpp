#include "engine/format/bytes.h"

namespace unswept::engine {
namespace {

struct Lead {
  std::size_t length;     // of the whole sequence; 0 = not a lead byte
  std::uint32_t minimum;  // smaller values would be overlong
  std::uint32_t bits;     // of the value, from the lead byte
};

Lead lead_of(unsigned char byte) {
  if (byte < 0x80) return {1, 0, byte};
  if (byte >= 0xc0 && byte < 0xe0) return {2, 0x80, byte & 0x1fu};
  if (byte >= 0xe0 && byte < 0xf0) return {3, 0x800, byte & 0x0fu};
  if (byte >= 0xf0 && byte < 0xf8) return {4, 0x10000, byte & 0x07u};
  return {0, 0, 0};
}

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const Lead lead = lead_of(static_cast<unsigned char>(text[at]));
    if (lead.length == 0 || at + lead.length > text.size()) return false;
    std::uint32_t value = lead.bits;
    for (std::size_t i = 1; i < lead.length; ++i) {
      const auto byte = static_cast<unsigned char>(text[at + i]);
      if ((byte & 0xc0) != 0x80) return false;
      value = value << 6 | (byte & 0x3fu);
    }
    if (value < lead.minimum || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
      return false;
    }
    at += lead.length;
  }
  return true;
}

}  // namespace unswept::engine
