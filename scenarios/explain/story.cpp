#include "scenarios/explain/story.h"

#include "engine/format/lock_names.h"
#include "engine/points.h"

namespace unswept::scenarios {

std::string Story::place_of(const sim::ResolvedName& name) const {
  const Place* parent = watch_.map().find(name.parent);
  if (parent == nullptr) return {};
  std::string path = watch_.map().path(name.parent);
  if (!path.empty()) path += '/';
  return path.append(name.name);
}

std::string Story::directory_place(InodeNumber directory) {
  // One that was removed while it was open still has the place where it was.
  if (watch_.map().find(directory) == nullptr) return last_places_[directory];
  return last_places_[directory] = watch_.map().path(directory);
}

void Story::on_call(const sim::CallInfo& call) {
  StoryEvent event;
  event.step = step_;
  event.actor = call.actor;
  event.op = call.op;
  event.ok = call.ok();
  event.inode = call.inode != 0 ? call.inode : call.from.inode;
  event.parent = call.from.parent;
  event.name = std::string(call.from.name);
  event.place =
      call.op == sim::Op::read_directory ? directory_place(call.inode) : place_of(call.from);
  event.to_place = place_of(call.to);
  for (const os::DirEntry& entry : call.entries) event.names.push_back(entry.name);
  if (call.op == sim::Op::open) {
    reading_.erase({call.actor, call.fd});
    (void)directory_place(event.inode);
  }
  if (call.op == sim::Op::read_directory) {
    event.is_end = event.names.empty() && reading_.contains({call.actor, call.fd});
    if (!event.names.empty()) reading_.emplace(call.actor, call.fd);
  }
  const bool names_journal =
      call.from.name == engine::kMoveJournalName || call.to.name == engine::kMoveJournalName;
  if (names_journal && call.ok()) journal_ = event.inode;
  event.in_journal = journal_ != 0 && event.inode == journal_;
  events_.push_back(std::move(event));
}

void Story::on_step(const model::Step& step) {
  for (std::size_t i = changes_.size(); i > 0 && changes_[i - 1].step == step_; --i)
    changes_[i - 1].actor = step.actor;
  offence_steps_.resize(watch_.offences().size(), step_);
  ++step_;
}

void Story::on_point(sim::ActorId actor, const os::Point& point, std::string_view) {
  if (point.name == engine::points::gc_started.name) collections_.emplace_back(actor, step_);
}

std::size_t Story::collection_start(sim::ActorId actor, std::size_t step) const {
  std::size_t start = 0;
  for (const auto& [who, when] : collections_)
    if (who == actor && when <= step) start = when;
  return start;
}

void Story::on_index(const IndexState& index, InodeNumber inode, bool appears) {
  changes_.push_back(
      {step_, model::kNoActor, inode, appears, index, watch_.map().path(index.snapshot)});
}

}  // namespace unswept::scenarios
