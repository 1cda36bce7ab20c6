// engine/ops/chunk_stream.h: an archive as the chunks a client cuts it into.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/error.h"
#include "engine/format/bytes.h"
#include "engine/format/digest.h"

namespace unswept::engine {

struct SourceChunk {
  Digest digest;
  std::uint64_t length = 0;  // of the data
  bool upload_although_known = false;
};

/// Chunks in the order of the archive.
class ChunkStream {
 public:
  virtual ~ChunkStream() = default;
  /// The next chunk; nothing at the end.
  virtual Result<std::optional<SourceChunk>> next() = 0;
  /// The chunk that next() gave last, encoded; valid until next().  Asked for only if the
  /// chunk is to be uploaded.
  virtual Result<ByteView> blob() = 0;
};

/// One archive of a backup: an index with its chunks, or a blob.
struct BackupArchive {
  std::string name;  // with its extension, which says what it is
  // Of an index:
  std::unique_ptr<ChunkStream> chunks;
  std::uint64_t chunk_size = 0;       // of a fixed index: a power of two
  std::optional<std::uint64_t> size;  // of the image, if it is known beforehand
  bool checked = false;               // digests and blobs are known to agree
  // Of a blob:
  Bytes data;
};

}  // namespace unswept::engine
