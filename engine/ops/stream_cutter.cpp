#include "engine/ops/stream_cutter.h"

#include <algorithm>

namespace unswept::engine {

Result<ByteView> StreamCutter::next() {
  if (auto filled = refill(); !filled) return forward_error(filled);
  const ByteView rest(buffer_.data() + begin_, end_ - begin_);
  const ByteView chunk = rest.first(chunker_.cut(rest));
  begin_ += chunk.size();
  return chunk;
}

/// Sees to it that the longest possible chunk is in the buffer, or all that is left.  Fills all of
/// the buffer then, so that hardly anything is moved to its front twice.
Result<> StreamCutter::refill() {
  if (at_end_ || end_ - begin_ >= chunker_.bounds().max) return {};
  const auto first = buffer_.begin();
  std::copy(first + static_cast<std::ptrdiff_t>(begin_), first + static_cast<std::ptrdiff_t>(end_),
            first);
  end_ -= begin_;
  begin_ = 0;
  while (end_ < buffer_.size() && !at_end_) {
    auto count = read_(std::span(buffer_).subspan(end_));
    if (!count) return forward_error(count);
    at_end_ = *count == 0;
    end_ += *count;
  }
  return {};
}

}  // namespace unswept::engine
