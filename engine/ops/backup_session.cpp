#include "engine/ops/backup_session.h"

#include <algorithm>
#include <utility>

#include "engine/ops/remove.h"
#include "engine/os/knowledge.h"
#include "engine/points.h"
#include "engine/store/atomic_file.h"
#include "engine/store/group.h"
#include "engine/store/hierarchy.h"
#include "engine/store/manifest_file.h"

namespace unswept::engine {
namespace {

constexpr std::string_view kBenchmarkId = "benchmark";

std::unexpected<Error> refuse(std::string message) {
  return fail(ErrorKind::refused, std::move(message));
}

std::unexpected<Error> invalid(std::string message) {
  return fail(ErrorKind::invalid, std::move(message));
}

void add(UploadStatistics& sum, const UploadStatistics& more) {
  sum.count += more.count;
  sum.size += more.size;
  sum.compressed_size += more.compressed_size;
  sum.duplicates += more.duplicates;
}

// The newest snapshot with a manifest.  Where the listing fails there is none, unless the group is
// no directory but a symlink to one: garbage collection would not look behind it.
Result<std::optional<SnapshotTime>> newest_finished(const Datastore& store, const Namespace& ns,
                                                    const GroupId& group) {
  const auto snapshots = list_snapshots(store, ns, group);
  std::optional<SnapshotTime> newest;
  if (!snapshots && snapshots.error().code == os::Errno::not_a_directory) {
    return std::unexpected(snapshots.error());
  }
  if (!snapshots) return newest;
  for (const SnapshotFiles& snapshot : *snapshots) {
    if (snapshot.finished() && (!newest || *newest < snapshot.time)) newest = snapshot.time;
  }
  return newest;
}

}  // namespace

// --- start -----------------------------------------------------------------------

BackupSession::BackupSession(const Datastore& store, ManifestCodec& codec, BackupTarget target)
    : store_(&store),
      codec_(&codec),
      target_(std::move(target)),
      directory_(store.path(target_.ns, target_.snapshot)) {}

Result<BackupSession> BackupSession::start(const Datastore& store, ManifestCodec& codec,
                                           BackupTarget target) {
  BackupSession session(store, codec, std::move(target));
  Result<> done = session.check_target();
  if (done) done = session.lock_group();
  if (done) {
    os::Known(store.system(), "backup", [&](os::Gist& gist) {
      gist << session.target_.snapshot.time.text() << session.group_lock_;
    }).forget_rest("backup.locked");
  }
  if (done) done = session.find_previous();
  if (done) done = session.lock_previous();
  if (done) done = session.make_snapshot_directory();
  if (!done) return forward_error(done);
  if (auto writer = session.become_writer(); !writer) {
    session.abort();
    return forward_error(writer);
  }
  store.system().point(points::backup_started, store.below_base(session.directory_));
  return session;
}

Result<> BackupSession::check_target() const {
  if (!store_->exists(target_.ns)) {
    return fail(ErrorKind::not_found,
                "namespace " + std::string(target_.ns.display_name()) + " does not exist");
  }
  const GroupId& group = target_.snapshot.group;
  if (group.type == BackupType::host && group.id == kBenchmarkId) {
    return refuse("host/benchmark is reserved for benchmark runs");
  }
  return {};
}

Result<> BackupSession::lock_group() {
  auto group = create_or_open_group(*store_, target_.ns, target_.snapshot.group, target_.caller);
  if (!group) return forward_error(group);
  if (!owns(group->owner, target_.caller)) {
    return refuse(target_.caller.text() + " does not own " +
                  display_name(target_.ns, target_.snapshot.group) + "; its owner is " +
                  group->owner.text());
  }
  group_lock_ = std::move(group->lock);
  return {};
}

Result<> BackupSession::find_previous() {
  const GroupId& group = target_.snapshot.group;
  const auto newest = newest_finished(*store_, target_.ns, group);
  if (!newest) return std::unexpected(newest.error());
  if (!*newest) return {};
  SnapshotId id{group, **newest};
  auto manifest = load_manifest(*store_, *codec_, target_.ns, id);
  if (!manifest) return forward_error(manifest);
  const auto verified = manifest->verify_result();
  if (verified && verified->state == VerifyState::failed) return {};
  previous_ = PreviousSnapshot{std::move(id), std::move(*manifest)};
  return {};
}

Result<> BackupSession::lock_previous() {
  if (!previous_) return {};
  if (target_.snapshot.time.seconds() <= previous_->id.time.seconds()) {
    return refuse(display_name(target_.ns, target_.snapshot) +
                  " would not be newer than the last backup of " +
                  std::string(previous_->id.time.text()));
  }
  auto lock = store_->lock_snapshot(target_.ns, previous_->id, os::LockKind::shared);
  if (!lock) return forward_error(lock);
  previous_lock_ = std::move(*lock);
  return {};
}

Result<> BackupSession::make_snapshot_directory() {
  const auto made = store_->system().mkdir(directory_);
  const bool existed = !made && made.error() == os::Errno::file_exists;
  if (!made && !existed) return os_failure(made.error(), "create directory", directory_);
  auto lock = store_->lock_snapshot(target_.ns, target_.snapshot, os::LockKind::exclusive);
  if (!lock) {
    // Or nobody could make a backup of that time any more.
    if (made) (void)store_->system().rmdir(directory_);
    return forward_error(lock);
  }
  if (existed) return refuse(display_name(target_.ns, target_.snapshot) + " exists already");
  snapshot_lock_ = std::move(*lock);
  return {};
}

Result<> BackupSession::become_writer() {
  auto lock = store_->process_store().lock.try_shared();
  if (!lock) return forward_error(lock);
  writer_lock_ = std::move(*lock);
  return {};
}

// --- known chunks ---------------------------------------------------------------------

Result<IndexFile> BackupSession::open_previous(std::string_view archive) const {
  // The name comes from the client, and becomes part of a path.
  if (auto named = parse_archive_name(archive); !named) return forward_error(named);
  if (!previous_) return fail(ErrorKind::not_found, "there is no previous snapshot");
  std::string path = store_->path(target_.ns, previous_->id);
  (path += '/') += archive;
  auto index = IndexFile::open(store_->system(), path);
  if (!index) return forward_error(index);
  if (!*index) return fail(ErrorKind::not_found, path + " does not exist");
  return std::move(**index);
}

Result<IndexFile> BackupSession::download_previous(std::string_view archive) {
  auto index = open_previous(archive);
  if (!index) return index;
  const IndexView& view = index->view();
  for (std::size_t i = 0; i < view.chunk_count(); ++i) {
    known_.emplace(view.digest(i), view.chunk_end(i) - view.chunk_begin(i));
  }
  store_->system().point(points::backup_known, archive);
  return index;
}

// --- indexes -------------------------------------------------------------------------

std::string BackupSession::file_path(std::string_view name) const {
  std::string path;
  path.reserve(directory_.size() + 1 + name.size());
  path += directory_;
  path += '/';
  path += name;
  return path;
}

Result<WriterId> BackupSession::add_writer(std::string_view archive, AnyWriter index) {
  writers_.emplace_back(OpenWriter{std::string(archive), std::move(index), {}});
  return WriterId{static_cast<std::uint16_t>(writers_.size() - 1)};
}

Result<WriterId> BackupSession::create_fixed(std::string_view archive, std::uint64_t chunk_size,
                                             std::optional<std::uint64_t> size) {
  if (auto allowed = check_new_index(archive, ArchiveKind::fixed); !allowed) {
    return forward_error(allowed);
  }
  auto index = FixedIndexWriter::create(store_->system(), file_path(archive), chunk_size, size);
  if (!index) return forward_error(index);
  return add_writer(archive, std::move(*index));
}

Result<WriterId> BackupSession::create_fixed_incremental(std::string_view archive,
                                                         std::uint64_t chunk_size,
                                                         std::uint64_t size,
                                                         const Digest& previous_csum) {
  auto previous = open_previous(archive);
  if (!previous) return forward_error(previous);
  if (previous->view().computed_csum() != previous_csum) {
    return invalid(std::string(archive) +
                   " in the previous snapshot is not what the client takes it for");
  }
  const auto writer = create_fixed(archive, chunk_size, size);
  if (!writer) return writer;
  auto& index = std::get<FixedIndexWriter>(writers_.back()->index);
  if (auto cloned = index.clone_from(previous->view()); !cloned) {
    index.abandon();
    writers_.pop_back();
    return forward_error(cloned);
  }
  return writer;
}

Result<WriterId> BackupSession::create_dynamic(std::string_view archive) {
  if (auto allowed = check_new_index(archive, ArchiveKind::dynamic); !allowed) {
    return forward_error(allowed);
  }
  auto index = DynamicIndexWriter::create(store_->system(), file_path(archive));
  if (!index) return forward_error(index);
  return add_writer(archive, std::move(*index));
}

Result<> BackupSession::check_new_index(std::string_view archive, ArchiveKind kind) const {
  const auto named = parse_archive_name(archive);
  if (!named || *named != kind) {
    return invalid('"' + std::string(archive) + "\" is not a name for this kind of index");
  }
  if (writers_.size() == kMaxWriters) return refuse("a backup has at most 256 indexes");
  return {};
}

Result<BackupSession::OpenWriter*> BackupSession::find_writer(WriterId id) {
  const auto slot = static_cast<std::size_t>(id);
  if (slot >= writers_.size() || !writers_[slot]) return invalid("there is no such index writer");
  return &*writers_[slot];
}

// --- chunks --------------------------------------------------------------------------

Result<> BackupSession::check_chunk(const ChunkUpload& chunk) {
  if (chunk.length == 0 || chunk.length > kMaxChunkData) {
    return invalid("a chunk of " + std::to_string(chunk.length) + " bytes is not accepted");
  }
  if (chunk.blob.size() <= kBlobHeaderSize || chunk.blob.size() > kMaxUploadedBlob) {
    return invalid("an encoded chunk of " + std::to_string(chunk.blob.size()) +
                   " bytes is not accepted");
  }
  if (chunk.already_checked == Checked::yes) return {};
  auto blob = open_blob(chunk.blob);
  if (!blob) return forward_error(blob);
  // Nobody without the key can look inside.
  if (is_encrypted(blob->kind)) return {};
  auto data = codec_->blobs().decode(chunk.blob, kMaxChunkData);
  if (!data) return forward_error(data);
  if (data->size() != chunk.length || sha256(*data) != chunk.digest) {
    return invalid("chunk " + chunk.digest.hex() + " is not what it is said to be");
  }
  return {};
}

Result<> BackupSession::upload_chunk(WriterId writer, const ChunkUpload& chunk) {
  auto open = find_writer(writer);
  if (!open) return forward_error(open);
  if (auto sound = check_chunk(chunk); !sound) return sound;
  const auto inserted = store_->chunks().insert(chunk.digest, chunk.blob);
  if (!inserted) return std::unexpected(inserted.error());
  add((*open)->statistics, {.count = 1,
                            .size = chunk.length,
                            .compressed_size = inserted->stored_bytes,
                            .duplicates = inserted->duplicate ? 1U : 0U});
  known_.insert_or_assign(chunk.digest, chunk.length);
  os::System& system = store_->system();
  if (system.points_wanted()) system.point(points::backup_chunk_inserted, chunk.digest.hex());
  return {};
}

Result<> BackupSession::append_chunk(WriterId writer, const Digest& digest, std::uint64_t offset) {
  auto open = find_writer(writer);
  if (!open) return forward_error(open);
  const auto known = known_.find(digest);
  if (known == known_.end()) {
    return refuse("chunk " + digest.hex() + " is not known to this backup; upload it first");
  }
  return std::visit([&](auto& index) { return index.append(digest, offset, known->second); },
                    (*open)->index);
}

Result<> BackupSession::close_index(WriterId writer, const IndexSummary& summary) {
  auto open = find_writer(writer);
  if (!open) return forward_error(open);
  auto closed = std::visit([&](auto& index) { return index.close(summary); }, (*open)->index);
  if (!closed) return closed;
  add(statistics_, (*open)->statistics);
  ++files_stored_;
  store_->system().point(points::backup_index_closed, (*open)->archive);
  writers_[static_cast<std::size_t>(writer)].reset();
  return {};
}

Result<> BackupSession::store_blob(std::string_view name, ByteView blob) {
  const auto kind = parse_archive_name(name);
  if (!kind || *kind != ArchiveKind::blob) {
    return invalid('"' + std::string(name) + "\" is not the name of a blob");
  }
  if (blob.size() > kMaxUploadedBlob) return invalid(std::string(name) + " is too large");
  if (auto sound = open_blob(blob); !sound) {
    return std::unexpected(with_context(std::move(sound.error()), name));
  }
  const std::string path = file_path(name);
  if (auto done = replace_file(store_->system(), path, blob); !done) {
    return os_failure(done.error(), "write", path);
  }
  ++files_stored_;
  if (name == kManifestName) store_->system().point(points::backup_manifest_written);
  return {};
}

// --- end -----------------------------------------------------------------------------

Result<> BackupSession::check_complete() const {
  if (std::ranges::any_of(writers_, [](const auto& writer) { return writer.has_value(); })) {
    return refuse("the backup has an index that is not closed");
  }
  if (files_stored_ == 0) return refuse("the backup is empty");
  if (previous_ && !store_->exists(store_->path(target_.ns, previous_->id))) {
    return refuse("the previous snapshot " + std::string(previous_->id.time.text()) +
                  " was removed or moved while the backup ran");
  }
  return {};
}

Result<> BackupSession::record_statistics() {
  return update_manifest(
      *store_, *codec_, target_.ns, target_.snapshot,
      [this](Manifest& manifest) { manifest.set_upload_statistics(statistics_); });
}

Result<> BackupSession::sync() const {
  if (store_->config().sync != SyncLevel::filesystem) return {};
  os::System& system = store_->system();
  const auto base = os::open_file(system, store_->base(), os::Open::read | os::Open::directory);
  if (!base) return os_failure(base.error(), "open", store_->base());
  if (auto done = system.syncfs(base->fd()); !done) {
    return os_failure(done.error(), "sync", store_->base());
  }
  return {};
}

Result<> BackupSession::finish() {
  if (auto complete = check_complete(); !complete) return complete;
  // Everything the snapshot refers to is in an index with its final name by now: it
  // needs no base and no grace period for writers any more.
  previous_lock_.release();
  writer_lock_.release();
  if (auto recorded = record_statistics(); !recorded) return recorded;
  if (auto synced = sync(); !synced) return synced;
  snapshot_lock_.release();
  group_lock_.release();
  store_->system().point(points::backup_done, store_->below_base(directory_));
  return {};
}

void BackupSession::abort() {
  const auto removed = remove_snapshot_locked(*store_, target_.ns, target_.snapshot);
  os::System& system = store_->system();
  if (!removed && system.log_wanted(os::LogLevel::warning)) {
    system.log(os::LogLevel::warning,
               "cannot remove the unfinished backup: " + removed.error().message);
  }
  for (auto& writer : writers_) {
    if (writer) std::visit([](auto& index) { index.abandon(); }, writer->index);
  }
  release_locks();
}

void BackupSession::release_locks() {
  writer_lock_.release();
  snapshot_lock_.release();
  previous_lock_.release();
  group_lock_.release();
}

}  // namespace unswept::engine
