// engine/ops/stream_cutter.h: chunks of a stream of which some bytes come at a time.
//
// Where a stream is cut depends on its bytes alone, not on how many of them a pipe
// gives at once: before it cuts, the longest possible chunk is in memory, or all
// that is left.
//
// Memory: twice the longest chunk.  Thread safety: none.
#pragma once

#include <cstddef>
#include <functional>
#include <span>

#include "engine/error.h"
#include "engine/ops/chunker.h"

namespace unswept::engine {

class StreamCutter {
 public:
  /// Puts the next bytes of the stream into a place that is not empty, at least one; how many.
  /// 0 at the end, after which it is not called again.
  using Read = std::function<Result<std::size_t>(std::span<std::byte>)>;

  StreamCutter(const ChunkBounds& bounds, Read read)
      : chunker_(bounds), read_(std::move(read)), buffer_(2 * bounds.max) {}

  /// The bytes of the next chunk, valid until the next call; none at the end.
  Result<ByteView> next();

 private:
  Result<> refill();

  Chunker chunker_;
  Read read_;
  Bytes buffer_;
  std::size_t begin_ = 0;  // of what is in the buffer and not yet cut
  std::size_t end_ = 0;
  bool at_end_ = false;
};

}  // namespace unswept::engine
