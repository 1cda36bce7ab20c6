// engine/ops/check/inspection.h: what the parts of a check share.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/error.h"
#include "engine/format/blob.h"
#include "engine/ops/check/chunk_table.h"
#include "engine/ops/check/findings.h"
#include "engine/store/datastore.h"
#include "engine/store/directory.h"

namespace unswept::engine {

/// A directory with all its entries: sorted by name, their types known.
struct Listing {
  Directory directory;
  std::vector<os::DirEntry> entries;
};

/// One check of a store.  Nothing here changes anything on disk.
class Inspection {
 public:
  Inspection(const Datastore& store, BlobCodec& codec) : store_(store), codec_(codec) {}

  const Datastore& store() const { return store_; }
  os::System& system() const { return store_.system(); }
  BlobCodec& codec() const { return codec_; }
  ChunkTable& chunks() { return chunks_; }
  CheckReport& report() { return report_; }

  void error(FindingKind kind, std::string_view path, std::string message);
  void remark(FindingKind kind, std::string_view path, std::string message);

  /// Nothing if the directory is not there (any more), or not readable, which is an error.
  std::optional<Listing> list(const std::string& path);

  /// The content of a file; nothing if it is not there (any more), or cannot be read, or is longer
  /// than any of its kind may be, which are errors.
  std::optional<std::string> read(const std::string& path, std::uint64_t limit);

  /// Counts a digest that has no chunk.
  void count_missing(const Digest& digest) { missing_.insert(digest); }

  /// Fills in what is known at the end only.
  CheckReport finish();

  /// Fails if the user wants the check to end.
  Result<> going_on() const;

 private:
  const Datastore& store_;
  BlobCodec& codec_;
  ChunkTable chunks_;
  std::unordered_set<Digest, DigestHash> missing_;  // asked for membership only
  CheckReport report_;
};

/// A name that only files on their way to another name have.
bool is_temporary_name(std::string_view name);

}  // namespace unswept::engine
