// engine/ops/index_writer.h: an index that grows while chunks arrive.
//
// An index is written under a temporary name and gets its own name when it is
// closed, so that whoever lists a snapshot sees complete indexes only.  There is no
// sync.  A writer that is dropped leaves its temporary file; abandon() removes it.
//
// Digests are kept in memory until the close: nobody reads the temporary file, and
// an index is small beside the chunks it lists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/format/dynamic_index.h"
#include "engine/format/fixed_index.h"
#include "engine/format/index.h"
#include "engine/format/sha256.h"
#include "engine/os/system.h"

namespace unswept::engine {

/// What the client says about an index it is done with.
struct IndexSummary {
  std::uint64_t chunk_count = 0;  // appended ones
  std::uint64_t size = 0;         // of the image or stream
  Digest csum;
};

class FixedIndexWriter {
 public:
  /// `path` is the final one, absolute.  Without a size the index grows with its chunks.
  static Result<FixedIndexWriter> create(os::System& system, std::string path,
                                         std::uint64_t chunk_size,
                                         std::optional<std::uint64_t> size);

  /// Starts with the digests of `previous`, which must have as many.  Only changed chunks are
  /// appended then.  REQUIRES: a known size, and nothing appended yet.
  Result<> clone_from(const IndexView& previous);

  /// Puts a digest at `offset`, which must be a multiple of the chunk size.  Only the last chunk
  /// may be short.
  Result<> append(const Digest& digest, std::uint64_t offset, std::uint64_t length);

  /// Writes all, gives the file its name, and compares: a csum that differs from the client's is
  /// an error although the file has its name by then.
  Result<> close(const IndexSummary& expected);

  void abandon();

  std::uint64_t chunks_appended() const { return appended_; }

 private:
  FixedIndexWriter(os::System& system, std::string path, os::File file, std::uint64_t chunk_size,
                   std::optional<std::uint64_t> size);
  Result<> write_header();
  Result<> make_room(std::uint64_t chunk_index, bool is_last);
  Result<> check_summary(const IndexSummary& expected) const;
  Result<> write_table(std::uint64_t size, const Digest& csum);

  os::System* system_;
  std::string path_;
  std::string temporary_path_;
  os::File file_;
  std::uint64_t chunk_size_;
  std::optional<std::uint64_t> known_size_;
  std::uint64_t size_seen_ = 0;  // end of the furthest chunk
  std::uint64_t room_ = 0;       // digests the file has room for
  std::uint64_t appended_ = 0;
  bool cloned_ = false;
  bool short_chunk_seen_ = false;
  std::vector<Digest> digests_;
};

class DynamicIndexWriter {
 public:
  static Result<DynamicIndexWriter> create(os::System& system, std::string path);

  /// The chunk must start where the last one ended.
  Result<> append(const Digest& digest, std::uint64_t offset, std::uint64_t length);
  Result<> close(const IndexSummary& expected);
  void abandon();

  std::uint64_t chunks_appended() const { return appended_; }

 private:
  DynamicIndexWriter(os::System& system, std::string path, os::File file);
  Result<> flush();

  os::System* system_;
  std::string path_;
  std::string temporary_path_;
  os::File file_;
  Bytes buffer_;  // not yet written; the header first
  std::uint64_t end_ = 0;
  std::uint64_t appended_ = 0;
  Sha256 csum_;
};

}  // namespace unswept::engine
