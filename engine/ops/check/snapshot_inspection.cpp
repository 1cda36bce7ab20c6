#include "engine/ops/check/snapshot_inspection.h"

#include <algorithm>
#include <utility>

#include "engine/format/index.h"
#include "engine/format/manifest.h"
#include "engine/format/sha256.h"
#include "engine/ops/check/index_inspection.h"
#include "engine/store/walk.h"

namespace unswept::engine {
namespace {

constexpr std::uint64_t kLongestBlob = kMaxBlobData + kEncryptedBlobHeaderSize;

/// "x.tmp_fidx" and "x.tmp_didx", and what is_temporary_name() knows.
bool is_temporary(std::string_view name) {
  return is_temporary_name(name) || file_extension(name).starts_with("tmp_");
}

class SnapshotInspection {
 public:
  SnapshotInspection(Inspection& inspection, const Namespace& ns, const SnapshotId& snapshot)
      : inspection_(inspection),
        snapshot_(snapshot),
        directory_(inspection.store().path(ns, snapshot)) {}

  Result<> run() {
    const auto listing = inspection_.list(directory_);
    if (!listing) return {};
    ++inspection_.report().snapshots;
    find_manifest(listing->entries);
    for (const os::DirEntry& entry : listing->entries) {
      if (auto done = inspect_entry(entry); !done) return done;
    }
    if (manifest_) look_for_listed_files(listing->entries);
    return {};
  }

 private:
  std::string path_of(std::string_view name) const {
    return std::string(directory_).append("/").append(name);
  }

  void find_manifest(const std::vector<os::DirEntry>& entries) {
    finished_ = std::ranges::any_of(entries, [](const os::DirEntry& entry) {
      return entry.name == kManifestName && entry.type == os::FileType::regular;
    });
    if (!finished_) {
      ++inspection_.report().unfinished;
      inspection_.remark(FindingKind::unfinished, directory_,
                         "has no manifest: a backup that did not finish, or is running");
      return;
    }
    const std::string path = path_of(kManifestName);
    const auto content = inspection_.read(path, kLongestBlob);
    if (!content) return;
    auto manifest = parse(as_bytes(*content));
    if (!manifest) {
      inspection_.error(FindingKind::bad_manifest, path, std::move(manifest.error().message));
      return;
    }
    if (manifest->snapshot.group != snapshot_.group ||
        manifest->snapshot.time.seconds() != snapshot_.time.seconds()) {
      inspection_.error(FindingKind::bad_manifest, path,
                        "says that it is of " + manifest->snapshot.path());
    }
    manifest_ = std::move(*manifest);
  }

  Result<Manifest> parse(ByteView blob) {
    const auto json = inspection_.codec().decode(blob);
    if (!json) return std::unexpected(json.error());
    return Manifest::parse(as_text(*json));
  }

  Result<> inspect_entry(const os::DirEntry& entry) {
    const std::string& name = entry.name;
    if (name == kManifestName && finished_) return {};
    if (name == kProtectedName) return {};
    const auto kind = archive_kind(name);
    const bool regular = entry.type == os::FileType::regular;
    if (kind && is_index(*kind)) {
      if (!regular) return inspect_stray(inspection_, path_of(name), entry);
      tell_if_unlisted(name);
      return inspect_index(inspection_, path_of(name),
                           finished_ ? IndexPlace::finished : IndexPlace::unfinished, listed(name));
    }
    if (kind && regular) {
      tell_if_unlisted(name);
      inspect_blob(path_of(name), listed(name));
      return {};
    }
    if (regular && is_temporary(name)) {
      inspection_.remark(FindingKind::temporary_file, path_of(name), "a temporary file");
      return {};
    }
    return inspect_stray(inspection_, path_of(name), entry);
  }

  const ManifestFile* listed(std::string_view name) const {
    return manifest_ ? manifest_->find(name) : nullptr;
  }

  void tell_if_unlisted(std::string_view name) {
    if (!manifest_ || name == kClientLogName || listed(name) != nullptr) return;
    inspection_.remark(FindingKind::unlisted_file, path_of(name), "is not in the manifest");
  }

  void inspect_blob(const std::string& path, const ManifestFile* listed) {
    const auto content = inspection_.read(path, kLongestBlob);
    if (!content) return;
    ++inspection_.report().blobs;
    const auto bad = [&](std::string why) {
      inspection_.error(FindingKind::bad_blob, path, std::move(why));
    };
    const auto blob = open_blob(as_bytes(*content));
    if (!blob) return bad(blob.error().message);
    if (!is_encrypted(blob->kind)) {
      if (const auto data = inspection_.codec().decode(*blob); !data)
        return bad(data.error().message);
    }
    if (listed == nullptr) return;
    if (content->size() != listed->size) return bad("the length differs from the manifest");
    if (sha256(as_bytes(*content)) != listed->csum) bad("the checksum differs from the manifest");
  }

  void look_for_listed_files(const std::vector<os::DirEntry>& entries) {
    for (const ManifestFile& file : manifest_->files) {
      if (!parse_archive_name(file.filename)) {
        inspection_.error(FindingKind::bad_manifest, path_of(kManifestName),
                          "lists '" + file.filename + "', which is no name of an archive");
        continue;
      }
      const auto found = std::ranges::lower_bound(entries, file.filename, {}, &os::DirEntry::name);
      const bool there = found != entries.end() && found->name == file.filename;
      if (there && leads_to_file(*found)) continue;
      // The whole snapshot may have been removed or moved since it was listed.
      if (!inspection_.store().exists(directory_)) return;
      inspection_.error(
          FindingKind::missing_file, path_of(file.filename),
          there ? "is in the manifest, but is no file" : "is in the manifest, but not there");
    }
  }

  /// A restore opens what is there by its name, and follows a symlink.
  bool leads_to_file(const os::DirEntry& entry) const {
    if (entry.type != os::FileType::symlink) return entry.type == os::FileType::regular;
    const auto stat = inspection_.system().stat(path_of(entry.name));
    return stat && stat->type == os::FileType::regular;
  }

  Inspection& inspection_;
  const SnapshotId& snapshot_;
  std::string directory_;
  bool finished_ = false;
  std::optional<Manifest> manifest_;
};

}  // namespace

Result<> inspect_snapshot(Inspection& inspection, const Namespace& ns, const SnapshotId& snapshot) {
  return SnapshotInspection(inspection, ns, snapshot).run();
}

Result<> inspect_stray(Inspection& inspection, const std::string& path, const os::DirEntry& entry) {
  inspection.remark(FindingKind::stray, path,
                    entry.type == os::FileType::symlink ? "is a symlink, and not followed"
                                                        : "does not belong here");
  if (entry.name.starts_with('.')) return {};
  if (index_kind(entry.name))
    return inspect_index(inspection, path, IndexPlace::unfinished, nullptr);
  if (entry.type != os::FileType::directory) return {};
  Result<> interrupted;
  const auto walked = walk_tree(inspection.system(), path, [&](const std::string& below) {
    if (!index_kind(below.substr(below.rfind('/') + 1))) return Result<>();
    interrupted = inspect_index(inspection, below, IndexPlace::unfinished, nullptr);
    return interrupted;
  });
  if (interrupted && !walked)
    inspection.error(FindingKind::unreadable, path, walked.error().message);
  return interrupted;
}

}  // namespace unswept::engine
