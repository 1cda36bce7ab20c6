// bench/store/bare_loops.h: the least that marking and sweeping could do.
//
// What the operating system asks for the same work when nobody reads indexes,
// remembers digests, takes locks, parses names or counts.  These are the limits
// that unswept-store-bench relates the engine to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/format/digest.h"
#include "engine/store/datastore.h"

namespace unswept::bench {

/// The chunks of a store's indexes, each once, in the order in which a collection marks them.
engine::Result<std::vector<engine::Digest>> chunks_in_mark_order(const engine::Datastore& store);

/// utimensat(2) on each of these chunk files.  The paths are printed beforehand.
class TouchLoop {
 public:
  /// From where paths lead: from the root, as a tool would write them, or from the open base
  /// directory, so that the kernel looks up three names only.
  enum class Paths : bool { absolute, relative };

  static engine::Result<TouchLoop> prepare(const engine::Datastore& store,
                                           const std::vector<engine::Digest>& digests, Paths paths);
  /// Fails if a chunk is missing.
  engine::Result<> run() const;

 private:
  os::File directory_;
  std::string paths_;  // one after the other, each with a zero byte at its end
};

/// opendir, readdir and fstatat on everything in the chunk directories.
class StatWalk {
 public:
  explicit StatWalk(const engine::Datastore& store) : chunks_(store.chunks().directory()) {}
  engine::Result<> run();
  /// Of all runs: what the walk had from each file, so that no compiler leaves it out.
  std::uint64_t files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  std::string chunks_;
  std::uint64_t files_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace unswept::bench
