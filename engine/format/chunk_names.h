// engine/format/chunk_names.h: where chunks live and what else lives beside them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/format/digest.h"

namespace unswept::engine {

inline constexpr unsigned kChunkDirectories = 65536;
/// Names for damaged chunks set aside, per digest.
inline constexpr unsigned kBadChunkNames = 10;

/// "00ff" for 255.
std::string chunk_directory_name(std::uint16_t number);
/// Exactly four lower-case hex digits.
std::optional<std::uint16_t> parse_chunk_directory_name(std::string_view name);

/// Directory, slash and file name of a chunk.
inline constexpr std::size_t kChunkFileSize = 4 + 1 + Digest::kHexSize;
/// "2cf2/2cf24d...", kChunkFileSize characters without a zero byte: the path below ".chunks".
void write_chunk_file(char* out, const Digest& digest);
/// ".chunks/2cf2/2cf24d...": the path below the base directory, appended to `out`.
void append_chunk_path(std::string& out, const Digest& digest);
std::string chunk_path(const Digest& digest);
/// The same with ".3.bad" at the end.  REQUIRES: `number` < kBadChunkNames.
std::string bad_chunk_path(const Digest& digest, unsigned number);

enum class ChunkFileKind : std::uint8_t { chunk, bad, used_marker };

struct ChunkFileName {
  ChunkFileKind kind;
  Digest digest;
};

/// What a sweep recognises; everything else stays where it is.
std::optional<ChunkFileName> parse_chunk_file_name(std::string_view name);

}  // namespace unswept::engine
