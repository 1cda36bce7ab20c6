#include "engine/format/chunk_names.h"

#include <algorithm>

#include "engine/format/hex.h"
#include "engine/format/names.h"

namespace unswept::engine {
namespace {

constexpr std::size_t kDirectoryNameSize = 4;
constexpr std::string_view kBadSuffix = ".bad";
constexpr std::string_view kUsedSuffix = ".using";

/// What a suffix behind the digest says: ".3.bad", ".using" or nothing.
std::optional<ChunkFileKind> kind_of_suffix(std::string_view suffix) {
  if (suffix.empty()) return ChunkFileKind::chunk;
  if (suffix == kUsedSuffix) return ChunkFileKind::used_marker;
  const bool numbered = suffix.size() == 2 + kBadSuffix.size() && suffix[0] == '.' &&
                        suffix[1] >= '0' && suffix[1] <= '9';
  if (numbered && suffix.substr(2) == kBadSuffix) return ChunkFileKind::bad;
  return std::nullopt;
}

}  // namespace

std::string chunk_directory_name(std::uint16_t number) {
  const std::uint8_t bytes[] = {static_cast<std::uint8_t>(number >> 8),
                                static_cast<std::uint8_t>(number)};
  std::string name;
  append_hex(name, bytes);
  return name;
}

std::optional<std::uint16_t> parse_chunk_directory_name(std::string_view name) {
  std::uint8_t bytes[2];
  const bool lower_case = std::ranges::none_of(name, [](char c) { return c >= 'A' && c <= 'F'; });
  if (!lower_case || !parse_hex(name, bytes)) return std::nullopt;
  return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

void write_chunk_file(char* out, const Digest& digest) {
  out = write_hex(out, std::span(digest.bytes).first(kDirectoryNameSize / 2));
  *out++ = '/';
  write_hex(out, digest.bytes);
}

void append_chunk_path(std::string& out, const Digest& digest) {
  out.append(kChunksName).push_back('/');
  const std::size_t start = out.size();
  out.resize(start + kChunkFileSize);
  write_chunk_file(out.data() + start, digest);
}

std::string chunk_path(const Digest& digest) {
  std::string out;
  out.reserve(kChunksName.size() + kDirectoryNameSize + 2 + Digest::kHexSize);
  append_chunk_path(out, digest);
  return out;
}

std::string bad_chunk_path(const Digest& digest, unsigned number) {
  std::string out = chunk_path(digest);
  out.push_back('.');
  out.push_back(static_cast<char>('0' + number));
  return out.append(kBadSuffix);
}

std::optional<ChunkFileName> parse_chunk_file_name(std::string_view name) {
  if (name.size() < Digest::kHexSize) return std::nullopt;
  const auto kind = kind_of_suffix(name.substr(Digest::kHexSize));
  if (!kind) return std::nullopt;
  const auto digest = Digest::parse(name.substr(0, Digest::kHexSize));
  if (!digest) return std::nullopt;
  return ChunkFileName{*kind, *digest};
}

}  // namespace unswept::engine
