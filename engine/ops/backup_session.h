// engine/ops/backup_session.h: the store's side of a backup.
//
// A session makes one new snapshot.  It holds the locks of the group, of the new
// and of the previous snapshot, and is a writer of the store, from start to finish.
// Chunks that indexes of the previous snapshot refer to are *known*: they may be
// appended to a new index without an upload, and nothing touches or even looks at
// them on the way.  That is what garbage collection has to live with.
//
// A session ends with finish() or abort().  One that is merely dropped (its process
// was killed) leaves what it has written so far.
//
// Left out: benchmark runs, verifying the snapshot afterwards, and the client's log.  An
// index that could not be closed stays open, so that only abort() is left to its session.
//
// Thread safety: none; a session belongs to one task.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "engine/error.h"
#include "engine/format/manifest_codec.h"
#include "engine/format/owner.h"
#include "engine/ops/index_writer.h"
#include "engine/store/datastore.h"
#include "engine/store/index_file.h"
#include "engine/store/lock_file.h"
#include "engine/store/process_lock.h"

namespace unswept::engine {

struct BackupTarget {
  Namespace ns;
  SnapshotId snapshot;
  AuthId caller = AuthId::root();
};

/// The snapshot before the one that is made, if it can serve as its base.
struct PreviousSnapshot {
  SnapshotId id;
  Manifest manifest;
};

enum class WriterId : std::uint16_t {};

/// Whether an uploaded chunk is decoded and hashed before it is stored.
enum class Checked : bool { no, yes };

struct ChunkUpload {
  Digest digest;
  std::uint64_t length = 0;  // of the data
  ByteView blob;             // encoded
  Checked already_checked = Checked::no;
};

class BackupSession {
 public:
  static constexpr std::size_t kMaxWriters = 256;

  /// Takes the locks and makes the snapshot directory.  All references must outlive the session.
  static Result<BackupSession> start(const Datastore& store, ManifestCodec& codec,
                                     BackupTarget target);

  BackupSession(BackupSession&&) = default;
  BackupSession& operator=(BackupSession&&) = delete;

  const BackupTarget& target() const { return target_; }
  const std::optional<PreviousSnapshot>& previous() const { return previous_; }

  /// Hands out an index of the previous snapshot.  Every chunk in it is known from then on.
  Result<IndexFile> download_previous(std::string_view archive);
  bool is_known(const Digest& digest) const { return known_.contains(digest); }

  // --- indexes; `archive` is a file name with its extension ---------------------------
  Result<WriterId> create_fixed(std::string_view archive, std::uint64_t chunk_size,
                                std::optional<std::uint64_t> size);
  /// Starts as a copy of the previous snapshot's index, whose csum must be `previous_csum`.
  /// The copied chunks do not become known.
  Result<WriterId> create_fixed_incremental(std::string_view archive, std::uint64_t chunk_size,
                                            std::uint64_t size, const Digest& previous_csum);
  Result<WriterId> create_dynamic(std::string_view archive);

  /// Stores a chunk, or marks the one that is there.  It is known from then on.
  Result<> upload_chunk(WriterId writer, const ChunkUpload& chunk);
  /// Puts a chunk into an index.  One that is not known is refused.
  Result<> append_chunk(WriterId writer, const Digest& digest, std::uint64_t offset);
  Result<> close_index(WriterId writer, const IndexSummary& summary);

  /// Stores an encoded blob under a name that ends in ".blob".  The manifest is one of these.
  Result<> store_blob(std::string_view name, ByteView blob);

  /// Completes the snapshot and gives up the locks.
  Result<> finish();
  /// Removes what was begun and gives up the locks.
  void abort();

  const UploadStatistics& statistics() const { return statistics_; }

 private:
  using AnyWriter = std::variant<FixedIndexWriter, DynamicIndexWriter>;

  struct OpenWriter {
    std::string archive;
    AnyWriter index;
    UploadStatistics statistics;
  };

  BackupSession(const Datastore& store, ManifestCodec& codec, BackupTarget target);
  Result<> check_target() const;
  Result<> lock_group();
  Result<> find_previous();
  Result<> lock_previous();
  Result<> make_snapshot_directory();
  Result<> become_writer();
  Result<> check_complete() const;
  Result<> record_statistics();
  Result<> sync() const;
  void release_locks();

  std::string file_path(std::string_view name) const;
  Result<IndexFile> open_previous(std::string_view archive) const;
  Result<> check_new_index(std::string_view archive, ArchiveKind kind) const;
  Result<WriterId> add_writer(std::string_view archive, AnyWriter index);
  Result<OpenWriter*> find_writer(WriterId id);
  Result<> check_chunk(const ChunkUpload& chunk);

  const Datastore* store_;
  ManifestCodec* codec_;
  BackupTarget target_;
  std::string directory_;  // of the new snapshot; absolute

  // In the order in which they are taken.
  LockFile group_lock_;
  LockFile previous_lock_;
  LockFile snapshot_lock_;
  ProcessLock::Shared writer_lock_;

  std::optional<PreviousSnapshot> previous_;
  std::unordered_map<Digest, std::uint64_t, DigestHash> known_;  // with their lengths
  std::vector<std::optional<OpenWriter>> writers_;               // by id; empty when closed
  std::size_t files_stored_ = 0;
  UploadStatistics statistics_;
};

}  // namespace unswept::engine
