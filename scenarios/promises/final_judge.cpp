#include "scenarios/promises/final_judge.h"

#include <algorithm>

#include "engine/format/index.h"
#include "engine/format/manifest.h"
#include "engine/format/sha256.h"
#include "scenarios/promises/reach.h"
#include "scenarios/setup/import.h"
#include "scenarios/setup/store.h"

namespace unswept::scenarios {
namespace {

constexpr std::string_view kManifest = "index.json.blob";

/// Names of files that are being written: x.tmp_fidx, chunk.tmp_aB3dE4.
bool is_temporary(std::string_view name) { return name.find(".tmp_") != std::string_view::npos; }

/// A process keeps its `.lock` open for life, and that is no leak.
bool belongs_to_process(std::string_view resource) {
  return resource.find("/.lock") != std::string_view::npos;
}

}  // namespace

FinalJudge::FinalJudge(sim::World& world, const Watch& watch, engine::BlobCodec& codec,
                       const Scenario& scenario)
    : world_(world),
      watch_(watch),
      codec_(codec),
      scenario_(scenario),
      judged_(Judged::by(scenario.check)),
      imported_(!scenario.store.import_directory.empty()) {
  look_for_broken_at_start();
  if (const auto base = world.view().lookup(kStoreBase))
    look_for_temporaries(*base, std::string(kStoreBase), temporaries_at_start_);
}

/// What did not restore before anybody did anything is nobody's fault.  Imported chunks are looked
/// into this once, if their contents are there at all: that costs too much after each run, and no
/// operation changes what is in a chunk.
void FinalJudge::look_for_broken_at_start() {
  looks_into_chunks_ = !imported_ || reads_every_chunk(scenario_);
  for (const SnapshotTruth& snapshot : watch_.snapshots().all()) {
    if (!snapshot.counts()) continue;
    std::string problem = restore_problem(snapshot, world_.view());
    if (problem.empty()) continue;
    broken_at_start_.insert(snapshot.directory);
    broken_texts_.push_back("snapshot " + snapshot.place +
                            " does not restore from the start, which is not judged: " + problem);
  }
  looks_into_chunks_ = !imported_;
}

const std::vector<model::Violation>& FinalJudge::judge(std::uint64_t outcomes) {
  model::Fingerprint key = world_.final_fingerprint();
  key.low ^= sim::mix(outcomes ^ watch_.snapshots().digest());
  key.high += static_cast<std::uint64_t>(watch_.open_descriptors());
  const auto found = judged_states_.find(key);
  if (found != judged_states_.end()) return found->second;
  return judged_states_.emplace(key, look()).first->second;
}

std::vector<model::Violation> FinalJudge::look() const {
  std::vector<model::Violation> found;
  if (judged_.snapshots())
    for (const SnapshotTruth& snapshot : watch_.snapshots().all()) look_at(snapshot, found);
  if (judged_.lost) look_for_copies(found);
  if (judged_.leak) look_for_leaks(found);
  return found;
}

bool FinalJudge::is_in_place(const SnapshotTruth& snapshot) const {
  const Place* place = watch_.map().find(snapshot.directory);
  if (place == nullptr || place->kind != PlaceKind::snapshot || place->name != snapshot.time)
    return false;
  const std::string path = watch_.map().path(snapshot.directory);
  const auto origin = namespace_in(snapshot.place);
  const auto now = namespace_in(path);
  if (!origin || !now || !reach_of(scenario_, *origin, snapshot.group).contains(*now)) return false;
  return path.ends_with(snapshot.group + '/' + snapshot.time) &&
         world_.view().lookup(std::string(kStoreBase) + '/' + path) == snapshot.directory;
}

void FinalJudge::look_at(const SnapshotTruth& snapshot,
                         std::vector<model::Violation>& found) const {
  if (!snapshot.counts()) return;
  if (!is_in_place(snapshot)) {
    const auto promise = judged_.lost ? "no-snapshot-lost" : "snapshots-restorable";
    found.push_back({promise, "snapshot " + snapshot.place +
                                  " is at none of its places, and nobody was asked to remove it"});
    return;
  }
  if (!judged_.restorable || broken_at_start_.contains(snapshot.directory)) return;
  const std::string problem = restore_problem(snapshot, world_.view());
  if (problem.empty()) return;
  found.push_back({"snapshots-restorable", "snapshot " + watch_.map().path(snapshot.directory) +
                                               " does not restore: " + problem});
}

std::string FinalJudge::restore_problem(const SnapshotTruth& snapshot,
                                        const sim::View& view) const {
  const auto file = view.child(snapshot.directory, kManifest);
  if (!file) return "it has no manifest";
  const auto json = codec_.decode(view.content(*file));
  if (!json) return "manifest: " + json.error().message;
  const auto manifest = engine::Manifest::parse(engine::as_text(*json));
  if (!manifest) return "manifest: " + manifest.error().message;
  for (const ArchiveTruth& archive : snapshot.archives) {
    if (manifest->find(archive.name) == nullptr) return archive.name + " is not in the manifest";
    auto problem = archive_problem(archive, snapshot.directory, view);
    if (!problem.empty()) return archive.name + ": " + problem;
  }
  return {};
}

std::string FinalJudge::archive_problem(const ArchiveTruth& archive, InodeNumber directory,
                                        const sim::View& view) const {
  const auto file = view.child(directory, archive.name);
  if (!file) return "the index is missing";
  const auto index =
      engine::IndexView::open(*engine::index_kind(archive.name), view.content(*file));
  if (!index) return index.error().message;
  if (index->chunk_count() != archive.chunks.size()) return "the index has another length";
  for (std::size_t i = 0; i < archive.chunks.size(); ++i) {
    if (index->digest(i) != archive.chunks[i]) return "the index lists other chunks";
    auto problem = chunk_problem(archive.chunks[i], view);
    if (!problem.empty()) return problem;
  }
  return {};
}

std::string FinalJudge::chunk_problem(const engine::Digest& digest, const sim::View& view) const {
  const std::string file_name = digest.hex();
  const auto id = watch_.references().chunk_of(file_name);
  const Chunk* known = watch_.chunks().find(digest);
  const std::string name = known != nullptr ? known->name : file_name.substr(0, 8);
  if (!id) return "chunk " + name + " is missing";
  const ChunkState& chunk = watch_.references().chunks()[*id];
  const auto inode =
      chunk.directory == 0 ? std::nullopt : view.child(chunk.directory, chunk.file_name);
  if (!inode) return "chunk " + name + " is missing";
  if (!looks_into_chunks_) return {};
  const auto blob = engine::open_blob(view.content(*inode));
  if (!blob) return "chunk " + name + ": " + blob.error().message;
  if (engine::is_encrypted(blob->kind)) return {};  // nobody has the key
  const auto data = codec_.decode(*blob);
  if (!data) return "chunk " + name + ": " + data.error().message;
  if (engine::sha256(*data) != digest) return "chunk " + name + " has other content";
  return {};
}

void FinalJudge::look_for_copies(std::vector<model::Violation>& found) const {
  for (const SnapshotTruth& copy : watch_.snapshots().all()) {
    if (copy.by_backup || copy.acknowledged || watch_.map().find(copy.directory) == nullptr)
      continue;
    for (const SnapshotTruth& original : watch_.snapshots().all())
      if (original.counts() && original.group == copy.group && original.time == copy.time)
        found.push_back({"no-snapshot-lost", "snapshot " + original.place +
                                                 " exists twice: also as " +
                                                 watch_.map().path(copy.directory)});
  }
}

void FinalJudge::look_for_leaks(std::vector<model::Violation>& found) const {
  std::string left;
  for (const std::string& resource : world_.open_resources())
    if (!belongs_to_process(resource)) left += "\n" + resource;
  if (!left.empty())
    found.push_back({"no-leak", "held although every operation has ended:" + left});
  std::vector<std::string> temporaries;
  if (const auto base = world_.view().lookup(kStoreBase))
    look_for_temporaries(*base, std::string(kStoreBase), temporaries);
  left.clear();
  for (const std::string& path : temporaries)
    if (std::find(temporaries_at_start_.begin(), temporaries_at_start_.end(), path) ==
        temporaries_at_start_.end())
      left += "\n" + path;
  if (!left.empty()) found.push_back({"no-leak", "temporary files were left:" + left});
}

void FinalJudge::look_for_temporaries(InodeNumber directory, const std::string& path,
                                      std::vector<std::string>& found) const {
  std::vector<sim::Child> children;
  world_.view().children(directory, children);
  for (const sim::Child& child : children) {
    const std::string child_path = path + '/' + std::string(child.name);
    if (child.type == os::FileType::directory)
      look_for_temporaries(child.inode, child_path, found);
    else if (is_temporary(child.name))
      found.push_back(child_path);
  }
}

}  // namespace unswept::scenarios
