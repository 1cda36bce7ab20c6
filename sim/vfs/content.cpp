#include "sim/vfs/content.h"

#include <algorithm>
#include <new>

#include "sim/hash.h"

namespace unswept::sim {

Content::Buffer* Content::allocate(std::size_t capacity) {
  return new (::operator new(sizeof(Buffer) + capacity)) Buffer{1, false, 0, 0, capacity};
}

void Content::drop() {
  if (buffer_ != nullptr && --buffer_->references == 0) ::operator delete(buffer_);
  buffer_ = nullptr;
}

std::uint64_t Content::hash() const {
  if (buffer_ == nullptr) return 0;
  if (!buffer_->hashed) {
    buffer_->hash = hash_bytes(bytes());
    buffer_->hashed = true;
  }
  return buffer_->hash;
}

void Content::own(std::size_t capacity) {
  const bool ours = buffer_ != nullptr && buffer_->references == 1;
  if (ours && capacity <= buffer_->capacity) {
    buffer_->hashed = false;
    return;
  }
  const std::size_t room =
      std::max({capacity, capacity > size() ? 2 * size() : 0, std::size_t{64}});
  Buffer* copy = allocate(room);
  copy->size = std::min(size(), room);
  if (copy->size != 0) std::memcpy(copy->data(), buffer_->data(), copy->size);
  drop();
  buffer_ = copy;
}

void Content::resize(std::size_t size) {
  if (size == this->size()) return;
  if (size == 0) {
    drop();
    return;
  }
  own(size);
  if (size > buffer_->size) std::memset(buffer_->data() + buffer_->size, 0, size - buffer_->size);
  buffer_->size = size;
}

void Content::write(std::span<const std::byte> bytes, std::size_t offset) {
  if (bytes.empty()) return;
  if (offset > size()) resize(offset);
  const std::size_t end = offset + bytes.size();
  own(std::max(end, size()));
  std::memcpy(buffer_->data() + offset, bytes.data(), bytes.size());
  buffer_->size = std::max(buffer_->size, end);
}

}  // namespace unswept::sim
