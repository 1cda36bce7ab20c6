// Blobs: chunks, small files and manifests as they lie on disk.
#include "engine/format/blob.h"

#include <algorithm>

#include "fuzz/target.h"

namespace unswept::fuzz {
namespace {

using engine::BlobCodec;
using engine::BlobKind;
using engine::Bytes;
using engine::ByteView;

// Small, so that a blob which grows past it is found soon.
constexpr std::size_t kLimit = std::size_t{4} << 20;

void check_decoded(BlobCodec& codec, const Bytes& data) {
  require(data.size() <= kLimit);
  const auto encoded = codec.encode(data);
  require(encoded.has_value());
  const auto again = codec.decode(*encoded, kLimit);
  require(again.has_value() && std::ranges::equal(*again, data));
}

void check_blob(BlobCodec& codec, ByteView blob) {
  const auto view = engine::open_blob(blob);
  const auto data = codec.decode(blob, kLimit);
  if (!view) require(!data.has_value());
  if (view) {
    require(view->payload.size() <= blob.size() - engine::kBlobHeaderSize);
    if (is_encrypted(view->kind)) require(!data.has_value());
  }
  if (data) check_decoded(codec, *data);
}

}  // namespace

std::vector<Bytes> seeds() {
  BlobCodec codec;
  const auto letters =
      engine::as_bytes(std::string_view("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
  const Bytes zeros(100'000);
  return {codec.encode(engine::as_bytes(std::string_view("hello world\n"))).value(),
          codec.encode(letters).value(),
          codec.encode(letters, engine::Compress::no).value(),
          codec.encode(zeros).value(),
          codec.encode({}).value(),
          engine::wrap_blob(BlobKind::encrypted, Bytes(60, std::byte{7})),
          engine::wrap_blob(BlobKind::zstd_encrypted, Bytes(60, std::byte{9}))};
}

}  // namespace unswept::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace unswept;
  const auto input = fuzz::input_bytes(data, size);
  engine::BlobCodec codec;
  fuzz::check_blob(codec, input);
  // A CRC that fits, or hardly any input would come further than that.
  if (const auto kind = engine::blob_kind(input)) {
    const auto payload = input.subspan(std::min(input.size(), engine::kBlobHeaderSize));
    fuzz::check_blob(codec, engine::wrap_blob(*kind, payload));
  }
  return 0;
}
