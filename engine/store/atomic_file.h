// engine/store/atomic_file.h: whole files, read and replaced.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>

#include "engine/os/system.h"

namespace unswept::engine {

enum class Sync : bool { no, yes };

/// Replaces `path` by a file with these bytes: readers see the old file or the
/// new one.  With Sync::yes the bytes are on disk before the name is.  The
/// directory is not synced.  On failure the temporary file is gone, or at least
/// was told to go.
os::Result<> replace_file(os::System& system, std::string_view path,
                          std::span<const std::byte> bytes, std::uint32_t mode = 0644,
                          Sync sync = Sync::no);

/// An open temporary file next to `path`, named `<path>.tmp_XXXXXX`.
struct TemporaryFile {
  os::File file;
  std::string path;
};
os::Result<TemporaryFile> make_temporary(os::System& system, std::string_view path,
                                         os::Open flags = os::Open::read_write);

/// Writes all of `bytes`, however many calls it takes.
os::Result<> write_all(os::System& system, os::Fd fd, std::span<const std::byte> bytes);

inline constexpr std::size_t kWholeFile = std::numeric_limits<std::size_t>::max();

/// Reads from the file position to the end.  file_too_large when that is more than `limit` bytes:
/// what lies in a store need not fit into memory.
os::Result<std::string> read_all(os::System& system, os::Fd fd, std::size_t limit = kWholeFile);

/// open, read to the end, close.
os::Result<std::string> read_file(os::System& system, os::Where where,
                                  std::size_t limit = kWholeFile);

}  // namespace unswept::engine
