// sim/vfs/content.h: the bytes of a file, shared until somebody writes.
//
// Thread safety: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <utility>

namespace unswept::sim {

/// Counted reference to bytes.  Empty when null.
class Content {
 public:
  Content() = default;
  Content(const Content& other) : buffer_(other.buffer_) {
    if (buffer_ != nullptr) ++buffer_->references;
  }
  Content(Content&& other) noexcept : buffer_(std::exchange(other.buffer_, nullptr)) {}
  Content& operator=(Content other) noexcept {
    std::swap(buffer_, other.buffer_);
    return *this;
  }
  ~Content() { drop(); }

  std::size_t size() const { return buffer_ == nullptr ? 0 : buffer_->size; }
  std::span<const std::byte> bytes() const {
    if (buffer_ == nullptr) return {};
    return {buffer_->data(), buffer_->size};
  }
  /// Kept until the next change.
  std::uint64_t hash() const;

  /// Grows with zero bytes, or shrinks.
  void resize(std::size_t size);
  /// Grows as needed; a gap is filled with zero bytes.
  void write(std::span<const std::byte> bytes, std::size_t offset);

  /// Hands the reference over to an integer and back, for StateLog::Change.
  std::uint64_t release() {
    return reinterpret_cast<std::uintptr_t>(std::exchange(buffer_, nullptr));
  }
  static Content adopt(std::uint64_t released) {
    Content content;
    content.buffer_ = reinterpret_cast<Buffer*>(static_cast<std::uintptr_t>(released));
    return content;
  }

 private:
  struct Buffer {
    std::uint32_t references;
    bool hashed;
    std::uint64_t hash;
    std::size_t size;
    std::size_t capacity;

    std::byte* data() { return reinterpret_cast<std::byte*>(this + 1); }
  };

  static Buffer* allocate(std::size_t capacity);
  void drop();
  /// Makes the buffer our own, with room for `capacity` bytes.
  void own(std::size_t capacity);

  Buffer* buffer_ = nullptr;
};

}  // namespace unswept::sim
