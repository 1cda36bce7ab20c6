#include "scenarios/explain/story.h"

#include "engine/format/lock_names.h"

namespace unswept::scenarios {

std::string Story::place_of(const sim::ResolvedName& name) const {
  const Place* parent = watch_.map().find(name.parent);
  if (parent == nullptr) return {};
  std::string path = watch_.map().path(name.parent);
  if (!path.empty()) path += '/';
  return path.append(name.name);
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
      call.op == sim::Op::read_directory ? watch_.map().path(call.inode) : place_of(call.from);
  event.to_place = place_of(call.to);
  for (const os::DirEntry& entry : call.entries) event.names.push_back(entry.name);
  if (call.op == sim::Op::open && call.from.name == engine::kMoveJournalName && call.ok())
    journal_ = event.inode;
  event.in_journal = journal_ != 0 && event.inode == journal_;
  events_.push_back(std::move(event));
}

void Story::on_step(const model::Step& step) {
  for (std::size_t i = changes_.size(); i > 0 && changes_[i - 1].step == step_; --i)
    changes_[i - 1].actor = step.actor;
  ++step_;
}

void Story::on_index(const IndexState& index, InodeNumber inode, bool appears) {
  changes_.push_back(
      {step_, model::kNoActor, inode, appears, index, watch_.map().path(index.snapshot)});
}

}  // namespace unswept::scenarios
