// engine/store/chunk_store.h: chunk files and their access times.
//
// The access time of a chunk file is its only mark: touching one keeps it from
// the next sweep.  All calls that touch, write or rename chunk files hold the
// chunk mutex of the process, as each entry of a sweep does.
//
// Thread safety: all tasks of the process may use it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/format/digest.h"
#include "engine/os/system.h"
#include "engine/store/atomic_file.h"

namespace unswept::engine {

/// How much is flushed to disk.
enum class SyncLevel : std::uint8_t { none, file, filesystem };

struct InsertedChunk {
  bool duplicate = false;          // it was there; touched
  std::uint64_t stored_bytes = 0;  // length of the chunk file now
};

class ChunkStore {
 public:
  /// `base` is the directory of the store.
  ChunkStore(os::System& system, os::Mutex& mutex, std::string base, SyncLevel sync);

  /// `<base>/.chunks`.
  std::string directory() const;
  std::string path(const Digest& digest) const;
  os::Mutex& mutex() const { return *mutex_; }

  /// Marks a chunk that must exist.
  Result<> touch(const Digest& digest) const;
  /// Marks a chunk; false if there is none.
  Result<bool> touch_if_exists(const Digest& digest) const;
  /// Marks what was set aside as damaged under this digest; false if there is nothing.
  Result<bool> touch_bad_chunks(const Digest& digest) const;

  /// Stores an encoded blob under a digest, or marks the chunk that is there.
  /// The chunk subdirectory must exist.  The digest is not checked.
  Result<InsertedChunk> insert(const Digest& digest, std::span<const std::byte> blob) const;

  /// Sets a damaged chunk aside under the first free bad name, or the last.
  /// Returns the new path; nothing if the chunk is gone.
  Result<std::optional<std::string>> rename_to_bad(const Digest& digest) const;

 private:
  Result<bool> touch_path(std::string_view path) const;
  Result<> touch_existing(std::string_view path) const;
  Result<bool> keeps_existing(const std::string& path, const os::Stat& existing,
                              std::span<const std::byte> blob) const;
  Result<> check_encrypted_over(const std::string& path, BlobKind kind) const;
  Result<> write_chunk(const std::string& path, std::span<const std::byte> blob) const;

  os::System* system_;
  os::Mutex* mutex_;
  std::string base_;  // with a slash at the end
  SyncLevel sync_;
};

}  // namespace unswept::engine
