#include "engine/format/digest.h"

#include "engine/format/hex.h"

namespace unswept::engine {

std::optional<Digest> Digest::parse(std::string_view hex) {
  Digest digest;
  if (!parse_hex(hex, digest.bytes)) return std::nullopt;
  return digest;
}

std::string Digest::hex() const {
  std::string out;
  append_hex(out);
  return out;
}

void Digest::append_hex(std::string& out) const { engine::append_hex(out, bytes); }

}  // namespace unswept::engine
