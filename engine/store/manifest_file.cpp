#include "engine/store/manifest_file.h"

#include <string>
#include <utility>

#include "engine/store/atomic_file.h"

namespace unswept::engine {
namespace {

std::string manifest_path(const Datastore& store, const Namespace& ns, const SnapshotId& snapshot) {
  std::string path = store.path(ns, snapshot);
  path += '/';
  path += kManifestName;
  return path;
}

Result<Manifest> load_from(os::System& system, ManifestCodec& codec, const std::string& path) {
  const auto content = read_file(system, path, kMaxBlobFile);
  if (!content) return os_failure(content.error(), "read", path);
  auto manifest = codec.decode(as_bytes(*content));
  if (!manifest) return std::unexpected(with_context(std::move(manifest.error()), path));
  return manifest;
}

}  // namespace

Result<Manifest> load_manifest(const Datastore& store, ManifestCodec& codec, const Namespace& ns,
                               const SnapshotId& snapshot) {
  return load_from(store.system(), codec, manifest_path(store, ns, snapshot));
}

Result<Manifest> load_manifest(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                               const SnapshotId& snapshot) {
  ManifestCodec manifests(codec);
  return load_manifest(store, manifests, ns, snapshot);
}

Result<> update_manifest(const Datastore& store, BlobCodec& codec, const Namespace& ns,
                         const SnapshotId& snapshot, FunctionRef<void(Manifest&)> change) {
  ManifestCodec manifests(codec);
  return update_manifest(store, manifests, ns, snapshot, change);
}

Result<> update_manifest(const Datastore& store, ManifestCodec& codec, const Namespace& ns,
                         const SnapshotId& snapshot, FunctionRef<void(Manifest&)> change) {
  const auto lock = store.lock_manifest(ns, snapshot);
  if (!lock) return std::unexpected(lock.error());
  const std::string path = manifest_path(store, ns, snapshot);
  auto manifest = load_from(store.system(), codec, path);
  if (!manifest) return forward_error(manifest);
  change(*manifest);
  auto blob = codec.encode(*manifest);
  if (!blob) return forward_error(blob);
  if (auto done = replace_file(store.system(), path, *blob); !done) {
    return os_failure(done.error(), "write", path);
  }
  return {};
}

}  // namespace unswept::engine
