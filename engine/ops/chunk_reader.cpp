#include "engine/ops/chunk_reader.h"

#include "engine/format/sha256.h"
#include "engine/store/atomic_file.h"

namespace unswept::engine {
namespace {

std::unexpected<BadChunk> corrupt(const ExpectedChunk& expected, std::string_view why) {
  std::string message = "chunk " + expected.digest.hex() + ": ";
  return std::unexpected(BadChunk{true, std::move(message.append(why))});
}

std::unexpected<BadChunk> wrong_kind(const ExpectedChunk& expected) {
  return std::unexpected(BadChunk{false, "chunk " + expected.digest.hex() + " is " +
                                             (expected.encrypted ? "not " : "") +
                                             "encrypted, unlike its index"});
}

std::string reason(os::Errno code) { return std::make_error_code(code).message(); }

}  // namespace

std::expected<Bytes, BadChunk> read_chunk(const Datastore& store, BlobCodec& codec,
                                          const ExpectedChunk& expected) {
  const auto content =
      read_file(store.system(), store.chunks().path(expected.digest), kMaxBlobFile);
  if (!content) return corrupt(expected, reason(content.error()));
  const auto blob = open_blob(as_bytes(*content));
  if (!blob) return corrupt(expected, blob.error().message);
  if (is_encrypted(blob->kind)) {
    if (!expected.encrypted) return wrong_kind(expected);
    return Bytes();
  }
  auto data = codec.decode(*blob);
  if (!data) return corrupt(expected, data.error().message);
  if (data->size() != expected.length) return corrupt(expected, "the length is wrong");
  if (sha256(*data) != expected.digest) return corrupt(expected, "the digest is wrong");
  // Only now: that it does not suit its index must not hide that it is damaged.
  if (expected.encrypted) return wrong_kind(expected);
  return std::move(*data);
}

}  // namespace unswept::engine
