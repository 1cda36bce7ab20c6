#include "engine/format/blob.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <zstd.h>

#include "engine/format/crc32.h"

namespace unswept::engine {
namespace {

using Magic = std::array<unsigned char, kBlobMagicSize>;

// In the order of BlobKind.
constexpr std::array<Magic, 4> kMagics = {{
    {0x42, 0xab, 0x38, 0x07, 0xbe, 0x83, 0x70, 0xa1},
    {0x31, 0xb9, 0x58, 0x42, 0x6f, 0xb6, 0xa3, 0x7f},
    {0x7b, 0x67, 0x85, 0xbe, 0x22, 0x2d, 0x4c, 0xf0},
    {0xe6, 0x59, 0x1b, 0xbf, 0x0b, 0xbf, 0xd8, 0x0b},
}};

constexpr int kZstdLevel = 1;
/// A block of zstd takes four bytes at least, and gives 128 KiB at most (RFC 8878, 3.1.1.2).
constexpr std::size_t kMostDataPerByte = (std::size_t{128} << 10) / 4;
constexpr std::size_t kCrcOffset = kBlobMagicSize;

std::size_t header_size(BlobKind kind) {
  return is_encrypted(kind) ? kEncryptedBlobHeaderSize : kBlobHeaderSize;
}

void write_header(BlobKind kind, std::span<std::byte> blob) {
  std::memcpy(blob.data(), kMagics[static_cast<std::size_t>(kind)].data(), kBlobMagicSize);
  write_little_endian(blob, kCrcOffset, crc32(ByteView(blob).subspan(header_size(kind))));
}

std::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::invalid, std::move(message));
}

}  // namespace

std::optional<BlobKind> blob_kind(ByteView blob) {
  if (blob.size() < kBlobMagicSize) return std::nullopt;
  for (std::size_t i = 0; i < kMagics.size(); ++i) {
    if (std::memcmp(blob.data(), kMagics[i].data(), kBlobMagicSize) == 0) {
      return static_cast<BlobKind>(i);
    }
  }
  return std::nullopt;
}

Result<BlobView> open_blob(ByteView blob) {
  if (blob.size() < kBlobHeaderSize) {
    return invalid("a blob of " + std::to_string(blob.size()) + " bytes is too short");
  }
  const auto kind = blob_kind(blob);
  if (!kind) return invalid("unknown blob magic");
  if (blob.size() < header_size(*kind)) return invalid("an encrypted blob is too short");
  const ByteView payload = blob.subspan(header_size(*kind));
  if (read_little_endian<std::uint32_t>(blob, kCrcOffset) != crc32(payload)) {
    return invalid("blob CRC mismatch");
  }
  return BlobView{*kind, payload};
}

Bytes wrap_blob(BlobKind kind, ByteView payload) {
  Bytes blob(kBlobHeaderSize);
  append(blob, payload);
  blob.resize(std::max(blob.size(), header_size(kind)));
  write_header(kind, blob);
  return blob;
}

void BlobCodec::FreeCompressor::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }
void BlobCodec::FreeDecompressor::operator()(ZSTD_DCtx_s* context) const { ZSTD_freeDCtx(context); }

BlobCodec::BlobCodec() = default;
BlobCodec::~BlobCodec() = default;
BlobCodec::BlobCodec(BlobCodec&&) noexcept = default;
BlobCodec& BlobCodec::operator=(BlobCodec&&) noexcept = default;

Result<Bytes> BlobCodec::encode(ByteView data, Compress compress) {
  if (data.size() > kMaxBlobData) {
    return invalid("a blob of " + std::to_string(data.size()) + " bytes of data is too large");
  }
  Bytes blob;
  if (compress == Compress::yes && try_compress(data, blob)) {
    write_header(BlobKind::zstd, blob);
    return blob;
  }
  blob.assign(kBlobHeaderSize, std::byte{});
  append(blob, data);
  write_header(BlobKind::plain, blob);
  return blob;
}

/// Fills `out` with room for a header and the compressed data, unless that is longer than `data`.
bool BlobCodec::try_compress(ByteView data, Bytes& out) {
  if (!compressor_) compressor_.reset(ZSTD_createCCtx());
  if (!compressor_) std::abort();
  out.resize(kBlobHeaderSize + ZSTD_compressBound(data.size()));
  const std::size_t size =
      ZSTD_compressCCtx(compressor_.get(), out.data() + kBlobHeaderSize,
                        out.size() - kBlobHeaderSize, data.data(), data.size(), kZstdLevel);
  if (ZSTD_isError(size) || size > data.size()) return false;
  out.resize(kBlobHeaderSize + size);
  return true;
}

Result<Bytes> BlobCodec::decode(ByteView blob, std::size_t limit) {
  const auto view = open_blob(blob);
  if (!view) return std::unexpected(view.error());
  return decode(*view, limit);
}

Result<Bytes> BlobCodec::decode(const BlobView& blob, std::size_t limit) {
  if (is_encrypted(blob.kind)) return invalid("the blob is encrypted");
  if (is_compressed(blob.kind)) return decompress(blob.payload, limit);
  if (blob.payload.size() > limit) return invalid("the blob holds too much data");
  return Bytes(blob.payload.begin(), blob.payload.end());
}

/// A writer need not say how long the data is, so the output grows as it comes.
Result<Bytes> BlobCodec::decompress(ByteView frame, std::size_t limit) {
  if (!decompressor_) decompressor_.reset(ZSTD_createDCtx());
  if (!decompressor_) std::abort();
  ZSTD_DCtx_reset(decompressor_.get(), ZSTD_reset_session_only);
  const auto told = ZSTD_getFrameContentSize(frame.data(), frame.size());
  if (told == ZSTD_CONTENTSIZE_ERROR) return invalid("the blob is no zstd stream");
  if (told != ZSTD_CONTENTSIZE_UNKNOWN && told > limit) {
    return invalid("the blob holds too much data");
  }
  // What a stranger says is not allocated before it is known to be possible.
  if (told != ZSTD_CONTENTSIZE_UNKNOWN && told / kMostDataPerByte > frame.size()) {
    return invalid("damaged zstd stream: it cannot hold what it says");
  }
  Bytes data(told == ZSTD_CONTENTSIZE_UNKNOWN ? ZSTD_DStreamOutSize()
                                              : static_cast<std::size_t>(told));
  ZSTD_inBuffer in{frame.data(), frame.size(), 0};
  ZSTD_outBuffer out{data.data(), data.size(), 0};
  while (true) {
    const std::size_t before = in.pos + out.pos;
    const std::size_t hint = ZSTD_decompressStream(decompressor_.get(), &out, &in);
    if (ZSTD_isError(hint)) {
      return invalid(std::string("damaged zstd stream: ") + ZSTD_getErrorName(hint));
    }
    if (hint == 0 && in.pos == in.size) break;
    if (out.pos == out.size) {
      if (data.size() > limit) return invalid("the blob holds too much data");
      data.resize(std::max<std::size_t>(2 * data.size(), ZSTD_DStreamOutSize()));
      out.dst = data.data();
      out.size = data.size();
    } else if (in.pos + out.pos == before || in.pos == in.size) {
      return invalid("damaged zstd stream: it ends early");
    }
  }
  if (out.pos > limit) return invalid("the blob holds too much data");
  data.resize(out.pos);
  return data;
}

}  // namespace unswept::engine
