#include "engine/ops/snapshot_check.h"

#include <algorithm>
#include <limits>

#include "engine/format/sha256.h"
#include "engine/format/task_name.h"
#include "engine/ops/chunk_reader.h"
#include "engine/store/atomic_file.h"
#include "engine/store/manifest_file.h"

namespace unswept::engine {

Result<> SnapshotCheck::check(const Namespace& ns, const SnapshotId& snapshot,
                              VerifyReport& report) {
  report_ = &report;
  VerifiedSnapshot& verified = report.snapshots.emplace_back();
  verified.ns = ns;
  verified.snapshot = snapshot;
  directory_ = store_.path(ns, snapshot);
  // Gone or busy is no fault of the snapshot: whoever works on it knows.
  verified.skipped = true;
  if (!store_.exists(directory_)) return {};
  const auto lock = store_.lock_snapshot(ns, snapshot, os::LockKind::shared);
  if (!lock) return {};
  verified.skipped = false;

  const auto manifest = load_manifest(store_, codec_, ns, snapshot);
  if (!manifest) {
    verified.problems.push_back(manifest.error().message);
    return {};
  }
  if (is_up_to_date(*manifest)) {
    verified.verified_before = true;
    return {};
  }
  if (auto done = check_files(*manifest, verified); !done) return done;
  const auto state = verified.good() ? VerifyState::ok : VerifyState::failed;
  const auto stored = update_manifest(store_, codec_, ns, snapshot, [&](Manifest& changed) {
    changed.set_verify_result({state, options_.upid});
  });
  if (!stored) verified.problems.push_back("cannot store the result: " + stored.error().message);
  return {};
}

/// As upstream has it, what the result was plays no part.
bool SnapshotCheck::is_up_to_date(const Manifest& manifest) const {
  if (!options_.ignore_verified) return false;
  const auto verified = manifest.verify_result();
  if (!verified) return false;
  if (!options_.outdated_after) return true;
  const auto start = task_start_time(verified->upid);
  return start && store_.system().now().seconds - *start <= *options_.outdated_after;
}

Result<> SnapshotCheck::check_files(const Manifest& manifest, VerifiedSnapshot& verified) {
  for (const ManifestFile& file : manifest.files) {
    if (auto done = check_file(file, verified.problems); !done) return done;
  }
  return {};
}

Result<> SnapshotCheck::check_file(const ManifestFile& file, Problems& problems) {
  const auto kind = parse_archive_name(file.filename);
  if (!kind) {
    problems.push_back(kind.error().message);
    return {};
  }
  if (is_index(*kind)) return check_index(file, problems);
  check_blob(file, problems);
  return {};
}

void SnapshotCheck::check_blob(const ManifestFile& file, Problems& problems) {
  const auto content = read_file(store_.system(), directory_ + '/' + file.filename, kMaxBlobFile);
  const auto problem = [&](std::string_view why) {
    problems.push_back(std::string(file.filename).append(": ").append(why));
  };
  if (!content) return problem(std::make_error_code(content.error()).message());
  if (content->size() != file.size) return problem("the length differs from the manifest");
  if (sha256(as_bytes(*content)) != file.csum) {
    return problem("the checksum differs from the manifest");
  }
  const auto blob = open_blob(as_bytes(*content));
  if (!blob) return problem(blob.error().message);
  if (is_encrypted(blob->kind)) return;
  if (const auto data = codec_.decode(*blob); !data) problem(data.error().message);
}

Result<> SnapshotCheck::check_index(const ManifestFile& file, Problems& problems) {
  const auto problem = [&](std::string_view why) -> Result<> {
    problems.push_back(std::string(file.filename).append(": ").append(why));
    return {};
  };
  const auto index = IndexFile::open(store_.system(), directory_ + '/' + file.filename);
  if (!index) return problem(index.error().message);
  if (!*index) return problem("the index is missing");
  const IndexView& view = (*index)->view();
  phase_ = "verify " + std::string(store_.below_base(directory_)) + '/' + file.filename;
  if (view.computed_csum() != file.csum) return problem("the checksum differs from the manifest");
  if (view.data_size() != file.size) return problem("the size differs from the manifest");
  return check_chunks(view, file.crypt_mode == CryptMode::encrypt, problems);
}

Result<> SnapshotCheck::check_chunks(const IndexView& index, bool encrypted, Problems& problems) {
  const auto order = reading_order(index);
  for (std::size_t done = 0; done < order.size(); ++done) {
    if (store_.system().interrupted()) return fail(ErrorKind::aborted, "verify was interrupted");
    check_chunk(index, order[done], encrypted, problems);
    store_.system().progress({phase_, done + 1, order.size()});
  }
  return {};
}

/// The entries of the index in the order in which their chunks are read; those that cannot be
/// looked at come last.
std::vector<std::size_t> SnapshotCheck::reading_order(const IndexView& index) {
  struct Place {
    std::uint64_t inode;
    std::size_t entry;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> places;
  places.reserve(index.chunk_count());
  for (std::size_t i = 0; i < index.chunk_count(); ++i) {
    const Digest digest = index.digest(i);
    const bool known = good_.contains(digest) || bad_.contains(digest);
    std::uint64_t inode = 0;
    if (options_.order == ChunkOrder::inode && !known) {
      const auto stat = store_.system().stat(store_.chunks().path(digest));
      inode = stat ? stat->inode : std::numeric_limits<std::uint64_t>::max();
    }
    places.push_back({inode, i});
  }
  std::ranges::sort(places);
  std::vector<std::size_t> order;
  order.reserve(places.size());
  for (const Place& place : places) order.push_back(place.entry);
  return order;
}

void SnapshotCheck::check_chunk(const IndexView& index, std::size_t i, bool encrypted,
                                Problems& problems) {
  const Digest digest = index.digest(i);
  if (good_.contains(digest)) return;
  if (bad_.contains(digest)) {
    problems.push_back("chunk " + digest.hex() + " is bad");
    return;
  }
  if (index.chunk_end(i) < index.chunk_begin(i)) {
    problems.push_back("the index has falling offsets");  // which says nothing about the chunk
    return;
  }
  const auto data =
      read_chunk(store_, codec_, {digest, index.chunk_end(i) - index.chunk_begin(i), encrypted});
  ++report_->chunks_read;
  if (data) {
    report_->bytes_read += data->size();
    good_.insert(digest);
    return;
  }
  problems.push_back(data.error().why);
  if (!data.error().corrupt) return;  // sound, and good for an index of its own kind
  bad_.insert(digest);
  ++report_->chunks_bad;
  set_aside(digest, problems);
}

void SnapshotCheck::set_aside(const Digest& digest, Problems& problems) {
  const auto renamed = store_.chunks().rename_to_bad(digest);
  if (!renamed) problems.push_back(renamed.error().message);
}

}  // namespace unswept::engine
