#include "engine/ops/backup.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "engine/format/dynamic_index.h"
#include "engine/format/sha256.h"

namespace unswept::engine {
namespace {

// What the previous snapshot has of an archive, checked against its manifest.
std::optional<IndexFile> download_base(BackupSession& session, os::System& system,
                                       const std::string& archive) {
  if (!session.previous()) return std::nullopt;
  const ManifestFile* const listed = session.previous()->manifest.find(archive);
  if (listed == nullptr) return std::nullopt;
  auto index = session.download_previous(archive);
  if (index && index->view().computed_csum() == listed->csum) return std::move(*index);
  // A backup goes on without a base: it only uploads more.
  if (system.log_wanted(os::LogLevel::warning)) {
    system.log(os::LogLevel::warning,
               "not using " + archive + " of the previous snapshot: " +
                   (index ? "its csum is not that of the manifest" : index.error().message));
  }
  return std::nullopt;
}

// The index of one archive while it is being made.
class ArchiveUpload {
 public:
  ArchiveUpload(BackupSession& session, os::System& system, BackupArchive& archive,
                const BackupOptions& options)
      : session_(session), system_(system), archive_(archive), options_(options) {}

  Result<ManifestFile> run() {
    base_ = download_base(session_, system_, archive_.name);
    if (auto created = create(); !created) return forward_error(created);
    while (true) {
      if (system_.interrupted()) return fail(ErrorKind::aborted, "interrupted");
      auto chunk = archive_.chunks->next();
      if (!chunk) return forward_error(chunk);
      if (!*chunk) return close();
      if (auto added = add(**chunk); !added) return forward_error(added);
    }
  }

  std::size_t chunks_reused() const { return chunks_reused_; }

 private:
  bool is_fixed() const { return archive_kind(archive_.name) == ArchiveKind::fixed; }

  bool can_start_from_base() const {
    return options_.incremental && base_ && archive_.size &&
           base_->view().chunk_size() == archive_.chunk_size &&
           base_->view().chunk_count() == fixed_chunk_count(*archive_.size, archive_.chunk_size);
  }

  Result<> create() {
    incremental_ = is_fixed() && can_start_from_base();
    auto writer = !is_fixed() ? session_.create_dynamic(archive_.name)
                  : incremental_
                      ? session_.create_fixed_incremental(archive_.name, archive_.chunk_size,
                                                          *archive_.size, previous_csum())
                      : session_.create_fixed(archive_.name, archive_.chunk_size, archive_.size);
    if (!writer) return forward_error(writer);
    writer_ = *writer;
    return {};
  }

  const Digest& previous_csum() const {
    return session_.previous()->manifest.find(archive_.name)->csum;
  }

  // In a copy of the previous index, this chunk stands where it belongs.
  bool is_unchanged(const SourceChunk& chunk) const {
    return incremental_ && chunk_count_ < base_->view().chunk_count() &&
           base_->view().digest(chunk_count_) == chunk.digest;
  }

  Result<> add(const SourceChunk& chunk) {
    const std::uint64_t offset = size_;
    const bool unchanged = is_unchanged(chunk);
    size_ += chunk.length;
    system_.progress({archive_.name, size_, archive_.size.value_or(0), os::Progress::Unit::bytes});
    ++chunk_count_;
    add_to_csum(chunk.digest);
    if (unchanged && !chunk.upload_although_known) {
      ++chunks_reused_;
      return {};
    }
    if (auto known = make_known(chunk); !known) return known;
    ++appended_;
    return session_.append_chunk(writer_, chunk.digest, offset);
  }

  Result<> make_known(const SourceChunk& chunk) {
    if (!chunk.upload_although_known && session_.is_known(chunk.digest)) {
      ++chunks_reused_;
      return {};
    }
    const auto blob = archive_.chunks->blob();
    if (!blob) return std::unexpected(blob.error());
    return session_.upload_chunk(
        writer_, {.digest = chunk.digest,
                  .length = chunk.length,
                  .blob = *blob,
                  .already_checked = archive_.checked ? Checked::yes : Checked::no});
  }

  void add_to_csum(const Digest& digest) {
    if (is_fixed()) {
      csum_.update(digest.as_bytes());
    } else {
      csum_.update(DynamicEntry{size_, digest}.encode());
    }
  }

  Result<ManifestFile> close() {
    const IndexSummary summary{appended_, size_, csum_.finish()};
    if (auto closed = session_.close_index(writer_, summary); !closed) {
      return forward_error(closed);
    }
    return ManifestFile{archive_.name, CryptMode::none, summary.size, summary.csum};
  }

  BackupSession& session_;
  os::System& system_;
  BackupArchive& archive_;
  const BackupOptions& options_;
  std::optional<IndexFile> base_;
  WriterId writer_{};
  bool incremental_ = false;
  std::uint64_t size_ = 0;
  std::uint64_t chunk_count_ = 0;
  std::uint64_t appended_ = 0;
  std::size_t chunks_reused_ = 0;
  Sha256 csum_;
};

class BackupRun {
 public:
  BackupRun(const Datastore& store, ManifestCodec& codec, BackupSession& session,
            const BackupOptions& options)
      : store_(store), codec_(codec), session_(session), options_(options) {
    result_.ns = session.target().ns;
    result_.snapshot = session.target().snapshot;
  }

  Result<BackupResult> run(std::size_t archive_count, OpenArchive open_archive) {
    for (std::size_t i = 0; i < archive_count; ++i) {
      auto archive = open_archive(i);
      if (!archive) return forward_error(archive);
      auto file = archive->chunks ? upload_index(*archive) : upload_blob(*archive);
      if (!file) return forward_error(file);
      result_.files.push_back(std::move(*file));
    }
    if (auto stored = upload_manifest(); !stored) return forward_error(stored);
    if (auto finished = session_.finish(); !finished) return forward_error(finished);
    result_.uploads = session_.statistics();
    return std::move(result_);
  }

 private:
  Result<ManifestFile> upload_index(BackupArchive& archive) {
    ArchiveUpload upload(session_, store_.system(), archive, options_);
    auto file = upload.run();
    result_.chunks_reused += upload.chunks_reused();
    return file;
  }

  Result<ManifestFile> upload_blob(const BackupArchive& archive) {
    auto blob = codec_.blobs().encode(archive.data);
    if (!blob) return forward_error(blob);
    if (auto stored = session_.store_blob(archive.name, *blob); !stored) {
      return forward_error(stored);
    }
    return ManifestFile{archive.name, CryptMode::none, blob->size(), sha256(*blob)};
  }

  Result<> upload_manifest() {
    Manifest manifest;
    manifest.snapshot = result_.snapshot;
    // The log of the client may come later, and no manifest lists it.
    std::ranges::copy_if(result_.files, std::back_inserter(manifest.files),
                         [](const ManifestFile& file) { return file.filename != kClientLogName; });
    auto blob = codec_.encode(manifest);
    if (!blob) return forward_error(blob);
    return session_.store_blob(kManifestName, *blob);
  }

  const Datastore& store_;
  ManifestCodec& codec_;
  BackupSession& session_;
  const BackupOptions& options_;
  BackupResult result_;
};

}  // namespace

Result<BackupResult> run_backup(const Datastore& store, ManifestCodec& codec,
                                const BackupTarget& target, std::size_t archive_count,
                                OpenArchive open_archive, const BackupOptions& options) {
  auto session = BackupSession::start(store, codec, target);
  if (!session) return forward_error(session);
  auto result = BackupRun(store, codec, *session, options).run(archive_count, open_archive);
  if (result) return result;
  session->abort();
  if (result.error().kind == ErrorKind::aborted)
    result.error().message = "the backup was interrupted; its snapshot was removed again";
  return result;
}

}  // namespace unswept::engine
