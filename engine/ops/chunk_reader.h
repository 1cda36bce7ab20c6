// engine/ops/chunk_reader.h: a chunk read from disk and compared with what it should be.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "engine/format/blob.h"
#include "engine/format/digest.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

struct ExpectedChunk {
  Digest digest;
  std::uint64_t length = 0;  // of the data
  bool encrypted = false;
};

struct BadChunk {
  /// The file is missing, unreadable or damaged, as opposed to being sound but of the wrong kind.
  bool corrupt = true;
  std::string why;
};

/// The data of the chunk.  Of an encrypted one only the container can be checked, and the data is
/// empty.
std::expected<Bytes, BadChunk> read_chunk(const Datastore& store, BlobCodec& codec,
                                          const ExpectedChunk& expected);

}  // namespace unswept::engine
