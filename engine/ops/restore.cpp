#include "engine/ops/restore.h"

#include <utility>

#include "engine/format/sha256.h"
#include "engine/ops/chunk_reader.h"
#include "engine/store/atomic_file.h"
#include "engine/store/index_file.h"
#include "engine/store/manifest_file.h"

namespace unswept::engine {
namespace {

std::unexpected<Error> refuse_encrypted(std::string_view archive) {
  return fail(ErrorKind::refused,
              std::string(archive) +
                  " is encrypted, and this tool has no keys; restore it with the client that "
                  "has the key");
}

std::unexpected<Error> invalid(std::string_view archive, std::string_view why) {
  std::string message(archive);
  return fail(ErrorKind::invalid, std::move(message.append(": ").append(why)));
}

Result<> check_index(const ManifestFile& file, const IndexView& index) {
  if (index.computed_csum() != file.csum) {
    return invalid(file.filename, "the index has another checksum than in the manifest");
  }
  if (index.data_size() != file.size) {
    return invalid(file.filename, "the index has another size than in the manifest");
  }
  return {};
}

}  // namespace

Result<SnapshotReader> SnapshotReader::open(const Datastore& store, BlobCodec& codec,
                                            const Namespace& ns, const SnapshotId& snapshot) {
  const std::string path = store.path(ns, snapshot);
  if (!store.exists(path)) {
    return fail(ErrorKind::not_found, "no snapshot " + display_name(ns, snapshot));
  }
  auto lock = store.lock_snapshot(ns, snapshot, os::LockKind::shared);
  if (!lock) return forward_error(lock);
  auto directory = os::open_file(store.system(), path, os::Open::read | os::Open::directory);
  if (!directory) return os_failure(directory.error(), "open snapshot", path);
  auto manifest = load_manifest(store, codec, ns, snapshot);
  if (!manifest) return forward_error(manifest);
  return SnapshotReader(store, codec, std::move(*lock), std::move(*directory),
                        std::move(*manifest));
}

SnapshotReader::SnapshotReader(const Datastore& store, BlobCodec& codec, LockFile lock,
                               os::File directory, Manifest manifest)
    : store_(&store),
      codec_(&codec),
      lock_(std::move(lock)),
      directory_(std::move(directory)),
      manifest_(std::move(manifest)) {}

Result<const ManifestFile*> SnapshotReader::find_restorable(std::string_view archive) const {
  const ManifestFile* file = manifest_.find(archive);
  if (!file) return fail(ErrorKind::not_found, "the snapshot has no " + std::string(archive));
  if (auto named = parse_archive_name(file->filename); !named) return forward_error(named);
  if (file->crypt_mode == CryptMode::encrypt) return refuse_encrypted(file->filename);
  return file;
}

bool SnapshotReader::is_client_log(std::string_view archive) const {
  return archive == kClientLogName && manifest_.find(archive) == nullptr;
}

Result<Bytes> SnapshotReader::read_client_log() const {
  const auto content =
      read_file(store_->system(), os::Where(directory_.fd(), kClientLogName), kMaxBlobFile);
  if (!content && content.error() == os::Errno::no_such_file_or_directory)
    return fail(ErrorKind::not_found, "the snapshot has no " + std::string(kClientLogName));
  if (!content) return os_failure(content.error(), "read", kClientLogName);
  const auto blob = open_blob(as_bytes(*content));
  if (blob && is_encrypted(blob->kind)) return refuse_encrypted(kClientLogName);
  const auto data = codec_->decode(as_bytes(*content));
  if (!data) return std::unexpected(with_context(data.error(), kClientLogName));
  return Bytes(data->begin(), data->end());
}

Result<> SnapshotReader::check_restorable(std::string_view archive) const {
  if (is_client_log(archive)) {
    auto log = read_client_log();
    return log ? Result<>() : forward_error(log);
  }
  const auto file = find_restorable(archive);
  if (!file) return std::unexpected(file.error());
  return {};
}

Result<std::uint64_t> SnapshotReader::restore(std::string_view archive, RestoreSink sink) {
  if (is_client_log(archive)) {
    auto log = read_client_log();
    if (!log) return forward_error(log);
    if (auto taken = sink(*log); !taken) return forward_error(taken);
    return log->size();
  }
  const auto file = find_restorable(archive);
  if (!file) return std::unexpected(file.error());
  const bool blob = archive_kind((*file)->filename) == ArchiveKind::blob;
  return blob ? restore_blob(**file, sink) : restore_index(**file, sink);
}

Result<std::uint64_t> SnapshotReader::restore_index(const ManifestFile& file, RestoreSink sink) {
  os::System& system = store_->system();
  auto index = IndexFile::open(system, os::Where(directory_.fd(), file.filename));
  if (!index) return forward_error(index);
  if (!*index) return fail(ErrorKind::not_found, file.filename + " has vanished");
  const IndexView& view = (*index)->view();
  if (auto sound = check_index(file, view); !sound) return forward_error(sound);

  for (std::size_t i = 0; i < view.chunk_count(); ++i) {
    if (system.interrupted()) return fail(ErrorKind::aborted, "the restore was interrupted");
    const std::uint64_t length = view.chunk_end(i) - view.chunk_begin(i);
    auto data = read_chunk(*store_, *codec_, {view.digest(i), length});
    if (!data) return invalid(file.filename, data.error().why);
    if (auto taken = sink(*data); !taken) return forward_error(taken);
    system.progress(
        {file.filename, view.chunk_end(i), view.data_size(), os::Progress::Unit::bytes});
  }
  return view.data_size();
}

Result<std::uint64_t> SnapshotReader::restore_blob(const ManifestFile& file, RestoreSink sink) {
  const auto content =
      read_file(store_->system(), os::Where(directory_.fd(), file.filename), kMaxBlobFile);
  if (!content) return os_failure(content.error(), "read", file.filename);
  if (content->size() != file.size || sha256(as_bytes(*content)) != file.csum) {
    return invalid(file.filename, "the file is not the one in the manifest");
  }
  const auto data = codec_->decode(as_bytes(*content));
  if (!data) return std::unexpected(with_context(data.error(), file.filename));
  if (auto taken = sink(*data); !taken) return forward_error(taken);
  return data->size();
}

}  // namespace unswept::engine
