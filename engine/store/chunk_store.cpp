#include "engine/store/chunk_store.h"

#include <array>
#include <fmt/format.h>

#include "engine/format/blob.h"
#include "engine/format/chunk_names.h"
#include "engine/format/names.h"
#include "engine/store/directory.h"

namespace unswept::engine {

namespace {

/// The path of a chunk file, on the stack unless the store lies very deep.
class ChunkPath {
 public:
  /// `base` ends with a slash.
  ChunkPath(std::string_view base, const Digest& digest) {
    text_.append(base);
    text_.append(kChunksName);
    text_.push_back('/');
    const std::size_t start = text_.size();
    text_.resize(start + kChunkFileSize);
    write_chunk_file(text_.data() + start, digest);
  }
  std::string_view view() const { return {text_.data(), text_.size()}; }

 private:
  fmt::basic_memory_buffer<char, 256> text_;
};

}  // namespace

ChunkStore::ChunkStore(os::System& system, os::Mutex& mutex, std::string base, SyncLevel sync)
    : system_(&system), mutex_(&mutex), base_(std::move(base)), sync_(sync) {
  base_ += '/';
}

std::string ChunkStore::directory() const { return base_ + std::string(kChunksName); }

std::string ChunkStore::path(const Digest& digest) const {
  constexpr std::size_t kLongestSuffix = 96;
  std::string path;
  path.reserve(base_.size() + kLongestSuffix);
  path = base_;
  append_chunk_path(path, digest);
  return path;
}

Result<> ChunkStore::touch(const Digest& digest) const {
  os::MutexGuard guard(*mutex_);
  return touch_existing(ChunkPath(base_, digest).view());
}

Result<bool> ChunkStore::touch_if_exists(const Digest& digest) const {
  os::MutexGuard guard(*mutex_);
  return touch_path(ChunkPath(base_, digest).view());
}

Result<bool> ChunkStore::touch_bad_chunks(const Digest& digest) const {
  os::MutexGuard guard(*mutex_);
  bool any = false;
  for (unsigned number = 0; number < kBadChunkNames; ++number) {
    auto touched = touch_path(base_ + bad_chunk_path(digest, number));
    if (!touched) return touched;
    any = any || *touched;
  }
  return any;
}

Result<bool> ChunkStore::touch_path(std::string_view path) const {
  auto touched = system_->touch(path);
  if (touched) return true;
  if (touched.error() == os::Errno::no_such_file_or_directory) return false;
  return os_failure(touched.error(), "touch chunk", path);
}

Result<> ChunkStore::touch_existing(std::string_view path) const {
  auto touched = system_->touch(path);
  if (!touched) return os_failure(touched.error(), "touch chunk", path);
  return {};
}

Result<InsertedChunk> ChunkStore::insert(const Digest& digest,
                                         std::span<const std::byte> blob) const {
  os::MutexGuard guard(*mutex_);
  const std::string path = this->path(digest);
  if (auto existing = system_->stat(path)) {
    auto keep = keeps_existing(path, *existing, blob);
    if (!keep) return forward_error(keep);
    if (*keep) {
      if (auto touched = touch_existing(path); !touched) return forward_error(touched);
      return InsertedChunk{.duplicate = true, .stored_bytes = existing->size};
    }
  }
  if (auto written = write_chunk(path, blob); !written) return forward_error(written);
  return InsertedChunk{.duplicate = false, .stored_bytes = blob.size()};
}

/// Whether the file that is there stays, to be touched, or gives way to `blob`.
Result<bool> ChunkStore::keeps_existing(const std::string& path, const os::Stat& existing,
                                        std::span<const std::byte> blob) const {
  if (existing.type != os::FileType::regular)
    return fail(ErrorKind::invalid, "chunk " + path + " is not a regular file");
  if (existing.size == blob.size()) return true;
  if (existing.size == 0) {
    system_->log(os::LogLevel::warning, "replacing the empty chunk " + path);
    return false;
  }
  const auto kind = blob_kind(blob);
  if (kind && is_encrypted(*kind)) {
    auto allowed = check_encrypted_over(path, *kind);
    if (!allowed) return forward_error(allowed);
    return true;
  }
  return existing.size < blob.size();
}

/// An encrypted blob never replaces a chunk of another length; where the two
/// cannot both be right, it is refused.
Result<> ChunkStore::check_encrypted_over(const std::string& path, BlobKind kind) const {
  std::array<std::byte, kBlobMagicSize> magic{};
  auto file = os::open_file(*system_, path, os::Open::read);
  if (!file) return os_failure(file.error(), "open chunk", path);
  auto count = system_->pread(file->fd(), magic, 0);
  if (!count) return os_failure(count.error(), "read chunk", path);
  const auto existing = blob_kind(std::span(magic).first(*count));
  if (existing && !is_encrypted(*existing))
    return fail(ErrorKind::invalid,
                "chunk " + path + " is unencrypted and an encrypted one of the same digest came");
  if (existing == BlobKind::encrypted && kind == BlobKind::encrypted)
    return fail(ErrorKind::invalid,
                "chunk " + path + " has another length than the uncompressed one that came");
  return {};
}

Result<> ChunkStore::write_chunk(const std::string& path, std::span<const std::byte> blob) const {
  const bool sync_files = sync_ == SyncLevel::file;
  const auto sync = sync_files ? Sync::yes : Sync::no;
  if (auto done = replace_file(*system_, path, blob, 0644, sync); !done)
    return os_failure(done.error(), "write chunk", path);
  if (!sync_files) return {};
  const std::string_view parent = std::string_view(path).substr(0, path.rfind('/'));
  auto directory = os::open_file(*system_, parent, os::Open::read | os::Open::directory);
  if (!directory) return os_failure(directory.error(), "open", parent);
  if (auto done = system_->fsync(directory->fd()); !done)
    return os_failure(done.error(), "sync", parent);
  return {};
}

Result<std::optional<std::string>> ChunkStore::rename_to_bad(const Digest& digest) const {
  os::MutexGuard guard(*mutex_);
  unsigned number = 0;
  std::string bad = base_ + bad_chunk_path(digest, number);
  while (number + 1 < kBadChunkNames && system_->stat(bad))
    bad = base_ + bad_chunk_path(digest, ++number);
  const std::string path = this->path(digest);
  auto renamed = system_->rename(path, bad);
  if (renamed) return bad;
  if (renamed.error() == os::Errno::no_such_file_or_directory) return std::nullopt;
  return os_failure(renamed.error(), "set aside chunk", path);
}

}  // namespace unswept::engine
