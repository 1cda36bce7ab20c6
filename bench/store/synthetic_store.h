// bench/store/synthetic_store.h: a datastore of a chosen size, made quickly.
//
// Names, layout, headers and checksums are those of the format; only the content
// of chunks is not what their names promise: all chunk files hold the same few
// bytes in a valid blob, under digests drawn from a fixed sequence.  Marking and
// sweeping look at names and access times only.  Chunk files are made in the
// order in which a backup would have made them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/store/shape.h"
#include "engine/error.h"
#include "engine/format/digest.h"
#include "engine/os/posix/posix_system.h"
#include "engine/process.h"
#include "engine/store/datastore.h"

namespace unswept::bench {

class SyntheticStore {
 public:
  /// Makes the store, with its chunks but no snapshots, in `<directory>/store`,
  /// and the directory for its locks beside it.
  static engine::Result<SyntheticStore> make(os::System& system,
                                             const std::filesystem::path& directory,
                                             std::uint64_t chunks);

  /// Replaces all snapshots.
  engine::Result<> arrange(const Shape& shape);

  const engine::StoreConfig& config() const { return config_; }
  std::uint64_t chunks() const { return chunks_; }
  std::uint64_t references() const { return references_; }

 private:
  SyntheticStore(os::System& system, engine::StoreConfig config, std::uint64_t chunks)
      : system_(&system), config_(std::move(config)), chunks_(chunks) {}

  engine::Result<> make_chunks();
  engine::Result<> make_group(const Shape& shape, std::uint64_t group);
  engine::Result<> write_snapshot(const std::string& group_path, std::uint64_t number,
                                  const std::vector<engine::Digest>& digests);

  os::System* system_;
  engine::StoreConfig config_;
  std::uint64_t chunks_;
  std::uint64_t references_ = 0;
};

}  // namespace unswept::bench
