// engine/format/blob.h: the container around chunks, small files and manifests.
//
// A blob is a magic, a CRC and data that may be compressed, encrypted or both.
// Encrypted blobs are recognised and their CRC is checked; what they hold stays
// opaque, since this engine has no keys.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "engine/error.h"
#include "engine/format/bytes.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace unswept::engine {

enum class BlobKind : std::uint8_t { plain, zstd, encrypted, zstd_encrypted };

constexpr bool is_encrypted(BlobKind kind) {
  return kind == BlobKind::encrypted || kind == BlobKind::zstd_encrypted;
}
constexpr bool is_compressed(BlobKind kind) {
  return kind == BlobKind::zstd || kind == BlobKind::zstd_encrypted;
}

inline constexpr std::size_t kBlobHeaderSize = 12;
inline constexpr std::size_t kEncryptedBlobHeaderSize = 44;
inline constexpr std::size_t kBlobMagicSize = 8;
/// The encoder takes no more.
inline constexpr std::size_t kMaxBlobData = std::size_t{128} << 20;
/// So no file that holds a blob is longer.
inline constexpr std::size_t kMaxBlobFile = kMaxBlobData + kEncryptedBlobHeaderSize;
/// The largest chunk, and the largest blob on disk that a server accepts.
inline constexpr std::size_t kMaxChunkData = std::size_t{16} << 20;
inline constexpr std::size_t kMaxUploadedBlob = kMaxChunkData + kEncryptedBlobHeaderSize;

/// By the magic alone; nothing when there are fewer than 8 bytes or it is unknown.
std::optional<BlobKind> blob_kind(ByteView blob);

/// A blob whose container is sound: long enough, known, and with the right CRC.
struct BlobView {
  BlobKind kind;
  ByteView payload;  // behind the header, as stored
};

Result<BlobView> open_blob(ByteView blob);

/// Puts a payload that is already encrypted (or compressed, or plain) into a container.  For the
/// encrypted kinds `payload` starts with initialisation vector and tag.
Bytes wrap_blob(BlobKind kind, ByteView payload);

enum class Compress : bool { no, yes };

/// Encodes and decodes blobs.  Owns the compressor's memory, which is made when first needed.
///
/// Thread safety: none.
class BlobCodec {
 public:
  BlobCodec();
  ~BlobCodec();
  BlobCodec(BlobCodec&&) noexcept;
  BlobCodec& operator=(BlobCodec&&) noexcept;

  /// An unencrypted blob.  Stays plain where compressing makes it longer.
  Result<Bytes> encode(ByteView data, Compress compress = Compress::yes);

  /// The data of an unencrypted blob.  Fails when the container is damaged, the blob is
  /// encrypted, or the data would be longer than `limit`.
  Result<Bytes> decode(ByteView blob, std::size_t limit = kMaxBlobData);
  /// The same for a container that was opened before.
  Result<Bytes> decode(const BlobView& blob, std::size_t limit = kMaxBlobData);

 private:
  struct FreeCompressor {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  struct FreeDecompressor {
    void operator()(ZSTD_DCtx_s* context) const;
  };

  bool try_compress(ByteView data, Bytes& out);
  Result<Bytes> decompress(ByteView frame, std::size_t limit);

  std::unique_ptr<ZSTD_CCtx_s, FreeCompressor> compressor_;
  std::unique_ptr<ZSTD_DCtx_s, FreeDecompressor> decompressor_;
};

}  // namespace unswept::engine
