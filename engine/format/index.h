// engine/format/index.h: reading an index, the list of chunks an archive is made of.
//
// There are two kinds, told apart by the extension of the file name: a fixed
// index cuts an image into chunks of one size, a dynamic index cuts a stream at
// offsets it stores.  An IndexView looks at the bytes of either and copies nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/error.h"
#include "engine/format/bytes.h"
#include "engine/format/digest.h"

namespace unswept::engine {

enum class IndexKind : std::uint8_t { fixed, dynamic };

/// By the extension: "fidx" or "didx".
std::optional<IndexKind> index_kind(std::string_view file_name);

inline constexpr std::size_t kIndexHeaderSize = 4096;
inline constexpr std::size_t kIndexMagicSize = 8;
inline constexpr std::size_t kIndexUuidOffset = 8;
inline constexpr std::size_t kIndexCtimeOffset = 24;
inline constexpr std::size_t kIndexCsumOffset = 32;

using Uuid = std::array<std::byte, 16>;

/// The bytes must outlive the view.
class IndexView {
 public:
  /// Refuses what the format says a reader refuses.  The csum is not looked at.
  static Result<IndexView> open(IndexKind kind, ByteView bytes);

  IndexKind kind() const { return kind_; }
  std::size_t chunk_count() const { return count_; }
  Digest digest(std::size_t i) const { return Digest::read(table_.subspan(digest_offset(i))); }
  /// Where digest(i) comes from, for who wants to have it fetched.
  const std::byte* digest_address(std::size_t i) const { return table_.data() + digest_offset(i); }
  /// The bytes of the image or stream that chunk `i` covers: from begin to end.  The end of a
  /// dynamic index is as stored, and a damaged one may lie before the begin.
  std::uint64_t chunk_begin(std::size_t i) const;
  std::uint64_t chunk_end(std::size_t i) const;

  /// The size of the image or stream.
  std::uint64_t data_size() const { return data_size_; }
  /// Of a fixed index; 0 for a dynamic one.
  std::uint64_t chunk_size() const { return chunk_size_; }
  std::int64_t ctime() const;
  Uuid uuid() const;
  /// As the header says, and as the table says.
  Digest stored_csum() const { return Digest::read(bytes_.subspan(kIndexCsumOffset)); }
  Digest computed_csum() const;

 private:
  std::size_t digest_offset(std::size_t i) const {
    return i * entry_size_ + (entry_size_ - Digest::kSize);
  }
  static Result<IndexView> open_fixed(ByteView bytes);
  static Result<IndexView> open_dynamic(ByteView bytes);

  IndexKind kind_ = IndexKind::fixed;
  ByteView bytes_;
  ByteView table_;
  std::size_t entry_size_ = 0;
  std::size_t count_ = 0;
  std::uint64_t data_size_ = 0;
  std::uint64_t chunk_size_ = 0;
};

}  // namespace unswept::engine
