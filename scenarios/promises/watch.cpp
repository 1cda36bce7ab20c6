#include "scenarios/promises/watch.h"

#include <algorithm>
#include <charconv>

#include "engine/format/index.h"
#include "engine/points.h"
#include "scenarios/setup/store.h"

namespace unswept::scenarios {
namespace {

using model::Footprint;
using model::Mode;
using sim::CallInfo;
using sim::Op;

enum Ghost : std::uint64_t { kReferencesTo = 1, kPlace };

model::ObjectId references_to(const ChunkState& chunk) {
  return sim::ghost_object(kReferencesTo, engine::DigestHash{}(chunk.digest));
}
model::ObjectId place_object(InodeNumber directory) { return sim::ghost_object(kPlace, directory); }

constexpr sim::OpSet kRenames = sim::set_of(Op::rename) | sim::set_of(Op::rename_no_replace);
constexpr sim::OpSet kRemovals = sim::set_of(Op::unlink) | sim::set_of(Op::rmdir);

bool is_rename(Op op) { return op == Op::rename || op == Op::rename_no_replace; }

}  // namespace

Judged Judged::by(const CheckSpec& check) {
  const auto has = [&](std::string_view name) {
    return std::find(check.promises.begin(), check.promises.end(), name) != check.promises.end();
  };
  Judged judged;
  judged.unmarked = has("no-referenced-chunk-unmarked");
  judged.swept = has("no-referenced-chunk-swept");
  judged.index_over_swept = has("no-index-over-a-swept-chunk");
  judged.restorable = has("snapshots-restorable");
  judged.lost = has("no-snapshot-lost");
  judged.collected = has("garbage-collected");
  judged.leak = has("no-leak");
  return judged;
}

Watch::Watch(sim::World& world, const ChunkCatalogue& chunks, const Judged& judged)
    : world_(world), chunks_(chunks), judged_(judged), judge_op_(world.define_op("judge")) {
  const sim::View view = world.view();
  map_.scan(view, kStoreBase);
  references_.scan(view, map_, chunks, kStoreBase);
  snapshots_.scan(view, map_);
}

// --- what is taken back
// ---------------------------------------------------------------------------

class Watch::Recorded {
 public:
  explicit Recorded(Watch& watch) : watch_(watch), before_(watch.mark()) {}
  ~Recorded() {
    if (watch_.mark() == before_) return;
    watch_.marks_.push_back(before_);
    watch_.world_.on_undo(
        [](void* watch, std::uint64_t) { static_cast<Watch*>(watch)->take_back(); }, &watch_);
  }
  Recorded(const Recorded&) = delete;
  Recorded& operator=(const Recorded&) = delete;

 private:
  Watch& watch_;
  const Mark before_;
};

Watch::Mark Watch::mark() const {
  return {map_.changes(), references_.mark(), snapshots_.changes(), offences_.size(),
          open_descriptors_};
}

void Watch::take_back() {
  const Mark& before = marks_.back();
  map_.take_back(before.map);
  references_.take_back(before.references);
  snapshots_.take_back(before.snapshots);
  offences_.resize(before.offences);
  open_descriptors_ = before.open_descriptors;
  marks_.pop_back();
}

// --- what actors are at
// ----------------------------------------------------------------------------

void Watch::add_listener(RunListener* listener) {
  listeners_.push_back(listener);
  world_.set_monitor(this);  // which asks observes() again
}

void Watch::remove_listener(RunListener* listener) {
  std::erase(listeners_, listener);
  world_.set_monitor(this);
}

void Watch::set_command(sim::ActorId actor, const engine::Command* command) {
  if (commands_.size() <= actor) commands_.resize(actor + 1, nullptr);
  commands_[actor] = command;
}

void Watch::acknowledge(const engine::Backup& backup) {
  const Recorded recorded(*this);
  snapshots_.acknowledge(backup, chunks_);
}

void Watch::on_reset() { std::fill(commands_.begin(), commands_.end(), nullptr); }
void Watch::on_rewind() { std::fill(commands_.begin(), commands_.end(), nullptr); }

// --- footprints ---------------------------------------------------------------------------------

sim::OpSet Watch::extends() const {
  return judged_.references() ? kRenames | sim::set_of(Op::unlink) : 0;
}

sim::OpSet Watch::observes() const {
  for (const RunListener* listener : listeners_)
    if (listener->wants_calls()) return sim::kAllOps;
  return kRenames | kRemovals | sim::set_of(Op::mkdir) | sim::set_of(Op::open) |
         sim::set_of(Op::close);
}

void Watch::extend(const CallInfo& call, Footprint& footprint) {
  if (!call.ok()) return;
  if (is_rename(call.op))
    extend_rename(call, footprint);
  else if (call.op == Op::unlink)
    extend_unlink(call, footprint);
}

bool Watch::becomes_index(const CallInfo& call) const {
  return call.from.type == os::FileType::regular && engine::index_kind(call.to.name) &&
         map_.kind(call.to.parent) == PlaceKind::snapshot;
}

void Watch::extend_rename(const CallInfo& call, Footprint& footprint) {
  if (call.from.type == os::FileType::directory) {
    const bool leaves = map_.kind(call.from.inode) == PlaceKind::snapshot &&
                        map_.kind_below(call.to.parent, call.to.name) != PlaceKind::snapshot;
    if (leaves) footprint.add(place_object(call.from.inode), Mode::write);
    return;
  }
  if (references_.index(call.from.inode) != nullptr) extend_disappear(call.from.inode, footprint);
  if (call.to.inode != 0 && references_.index(call.to.inode) != nullptr)
    extend_disappear(call.to.inode, footprint);
  if (becomes_index(call)) extend_appear(call, footprint);
}

void Watch::extend_appear(const CallInfo& call, Footprint& footprint) {
  const sim::View view = world_.view(&footprint);
  const auto chunks = references_.read_index(view, call.from.inode, call.to.name);
  for (const ChunkId id : chunks) {
    const ChunkState& chunk = references_.chunks()[id];
    if (chunk.directory != 0) (void)view.child(chunk.directory, chunk.file_name);
  }
  note_chunk_changes(chunks, footprint);
}

void Watch::extend_disappear(InodeNumber index, Footprint& footprint) {
  const IndexState& state = *references_.index(index);
  footprint.add(place_object(state.snapshot), Mode::read);
  note_chunk_changes(state.chunks, footprint);
}

void Watch::note_chunk_changes(const std::vector<ChunkId>& chunks, Footprint& footprint) {
  for (const ChunkId id : chunks) footprint.add(references_to(references_.chunks()[id]), Mode::add);
}

void Watch::extend_unlink(const CallInfo& call, Footprint& footprint) {
  if (map_.kind(call.from.parent) == PlaceKind::chunk_directory) {
    if (const auto chunk = references_.chunk_of(call.from.name))
      footprint.add(references_to(references_.chunks()[*chunk]), Mode::read);
    return;
  }
  if (references_.index(call.from.inode) != nullptr) extend_disappear(call.from.inode, footprint);
}

// --- what happened
// --------------------------------------------------------------------------------

void Watch::after(const CallInfo& call) {
  if (call.ok()) {
    const Recorded recorded(*this);
    if (is_rename(call.op)) after_rename(call);
    if (call.op == Op::unlink) after_unlink(call);
    if (call.op == Op::mkdir) after_mkdir(call);
    if (call.op == Op::rmdir) map_.remove(call.from.inode);
    if (call.op == Op::open) ++open_descriptors_;
    if (call.op == Op::close) --open_descriptors_;
  }
  for (RunListener* listener : listeners_) listener->on_call(call);
}

void Watch::after_rename(const CallInfo& call) {
  if (call.from.type == os::FileType::directory)
    after_rename_directory(call);
  else
    after_rename_file(call);
}

void Watch::after_rename_file(const CallInfo& call) {
  index_disappears(call.from.inode);
  if (call.to.inode != 0) index_disappears(call.to.inode);
  if (map_.kind(call.from.parent) == PlaceKind::chunk_directory)
    if (const auto chunk = references_.chunk_of(call.from.name)) references_.chunk_leaves(*chunk);
  if (map_.kind(call.to.parent) == PlaceKind::chunk_directory)
    if (const auto chunk = references_.chunk_of(call.to.name))
      references_.chunk_arrives(*chunk, call.from.inode);
  if (becomes_index(call)) index_appears(call.actor, call.from.inode, call.to.name, call.to.parent);
}

void Watch::after_rename_directory(const CallInfo& call) {
  const bool was_snapshot = map_.kind(call.from.inode) == PlaceKind::snapshot;
  map_.put(call.from.inode, call.to.parent, call.to.name);
  const bool is_snapshot = map_.kind(call.from.inode) == PlaceKind::snapshot;
  if (was_snapshot == is_snapshot) return;
  std::vector<sim::Child> files;
  world_.view().children(call.from.inode, files);
  for (const sim::Child& file : files) {
    if (!is_snapshot)
      index_disappears(file.inode);
    else if (engine::index_kind(file.name))
      index_appears(call.actor, file.inode, file.name, call.from.inode);
  }
}

void Watch::index_appears(sim::ActorId actor, InodeNumber inode, std::string_view name,
                          InodeNumber snapshot) {
  const auto chunks = references_.read_index(world_.view(), inode, name);
  const IndexState& index = references_.appear(inode, name, snapshot, chunks);
  for (RunListener* listener : listeners_) listener->on_index(index, inode, true);
  if (!judged_.index_over_swept) return;
  for (const ChunkId chunk : index.missing)
    break_promise("no-index-over-a-swept-chunk", actor, chunk,
                  map_.path(snapshot) + '/' + std::string(name) + " appeared, but chunk " +
                      references_.chunks()[chunk].name + " does not exist");
}

void Watch::index_disappears(InodeNumber inode) {
  const IndexState* index = references_.index(inode);
  if (index == nullptr) return;
  for (RunListener* listener : listeners_) listener->on_index(*index, inode, false);
  references_.disappear(inode);
}

void Watch::after_unlink(const CallInfo& call) {
  const PlaceKind kind = map_.kind(call.from.parent);
  if (kind == PlaceKind::chunk_directory) {
    if (const auto chunk = references_.chunk_of(call.from.name)) {
      references_.chunk_leaves(*chunk);
      judge_sweep(call.actor, *chunk);
    }
    return;
  }
  index_disappears(call.from.inode);
  if (kind == PlaceKind::snapshot)
    snapshots_.file_removed(call.from.parent,
                            call.actor < commands_.size() ? commands_[call.actor] : nullptr);
}

void Watch::after_mkdir(const CallInfo& call) {
  const InodeNumber directory =
      call.inode != 0 ? call.inode
                      : world_.view().child(call.from.parent, call.from.name).value_or(0);
  if (map_.find(call.from.parent) == nullptr) return;
  map_.put(directory, call.from.parent, call.from.name);
  if (map_.kind(directory) == PlaceKind::snapshot)
    snapshots_.made(directory, map_,
                    call.actor < commands_.size() ? commands_[call.actor] : nullptr);
}

// --- judgements
// -----------------------------------------------------------------------------------

void Watch::break_promise(std::string_view promise, sim::ActorId actor, ChunkId chunk,
                          std::string text) {
  offences_.push_back({promise, actor, chunk});
  world_.violate(std::string(promise), std::move(text));
}

void Watch::judge_sweep(sim::ActorId actor, ChunkId chunk) {
  if (!judged_.swept || references_.chunks()[chunk].references == 0) return;
  break_promise("no-referenced-chunk-swept", actor, chunk,
                "chunk " + references_.chunks()[chunk].name + " is referenced by " +
                    describe_referrers(chunk) + ", and was removed");
}

void Watch::point(sim::ActorId actor, const os::Point& point, std::string_view detail) {
  for (RunListener* listener : listeners_) listener->on_point(actor, point, detail);
  if (judged_.unmarked && point.name == engine::points::gc_mark_done.name)
    judge_mark(actor, detail);
}

void Watch::judge_mark(sim::ActorId actor, std::string_view min_access_time) {
  std::int64_t minimum = 0;
  std::from_chars(min_access_time.data(), min_access_time.data() + min_access_time.size(), minimum);
  world_.step(
      judge_op_,
      [&](Footprint& footprint) { (void)unmarked(world_.view(&footprint), minimum, &footprint); },
      [&]() -> std::uint64_t {
        const Recorded recorded(*this);
        for (const ChunkId chunk : unmarked(world_.view(), minimum))
          break_promise("no-referenced-chunk-unmarked", actor, chunk,
                        "chunk " + references_.chunks()[chunk].name + " is referenced by " +
                            describe_referrers(chunk) + ", but was never marked");
        return 0;  // the GC learns nothing from being judged
      },
      "judge: is every referenced chunk marked?");
}

// Access times first: who refers to a chunk that is marked does not matter.
std::vector<ChunkId> Watch::unmarked(const sim::View& view, std::int64_t min_access_time,
                                     Footprint* footprint) const {
  std::vector<ChunkId> found;
  for (ChunkId id = 0; id < references_.chunks().size(); ++id) {
    const ChunkState& chunk = references_.chunks()[id];
    if (chunk.directory == 0) continue;
    // A chunk that is gone was swept, and that is judged elsewhere.
    const auto inode = view.child(chunk.directory, chunk.file_name);
    if (!inode || view.atime(*inode).seconds >= min_access_time) continue;
    if (footprint != nullptr) footprint->add(references_to(chunk), Mode::read);
    if (chunk.references != 0) found.push_back(id);
  }
  return found;
}

std::string Watch::describe_referrers(ChunkId chunk) const {
  std::string text;
  for (const InodeNumber inode : references_.referrers(chunk)) {
    const IndexState& index = *references_.index(inode);
    if (!text.empty()) text += " and ";
    text += map_.path(index.snapshot) + '/' + index.name;
  }
  return text;
}

}  // namespace unswept::scenarios
