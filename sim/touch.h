// sim/touch.h: what one step touches, as it happens.
//
// Everything that reads or changes the state of the world takes a Touch and notes
// there what it looks at and changes: at the lowest level, so that no call can
// forget it.  A dry touch notes the same but changes nothing: it predicts.
//
// Thread safety: none.
#pragma once

#include "model/program.h"
#include "sim/monitor.h"
#include "sim/objects.h"

namespace unswept::sim {

/// Who acts.  Numbers (inodes, descriptors) are given out per creator; 0 is nobody: set-up.
using CreatorId = std::uint32_t;

class Touch {
 public:
  Touch(model::Footprint& footprint, model::ActorId actor, ProcessId process,
        model::Chooser* chooser, CallInfo* info, bool dry)
      : footprint_(footprint),
        chooser_(chooser),
        info_(info),
        actor_(actor),
        process_(process),
        dry_(dry) {}

  void read(model::ObjectId object) { use(object, model::Mode::read); }
  void write(model::ObjectId object) { use(object, model::Mode::write); }
  void use(model::ObjectId object, model::Mode mode) {
    footprint_.add(object, mode, decides(kind_of(object), mode));
  }

  /// Nothing may be changed.
  bool dry() const { return dry_; }
  ProcessId process() const { return process_; }
  model::ActorId actor() const { return actor_; }
  CreatorId creator() const { return actor_ == model::kNoActor ? 0 : actor_ + 1; }
  /// Where to tell a monitor what the call resolved; null when nobody wants to know.
  CallInfo* info() { return info_; }

  /// One of `count` outcomes.  Not while dry.  Outside of runs it is the first.
  std::uint32_t choose(model::ChoiceKind kind, std::size_t count) {
    if (count < 2 || chooser_ == nullptr) return 0;
    return chooser_->choose(actor_, kind, static_cast<std::uint32_t>(count));
  }

 private:
  /// See model::Access: contents, times and permissions are looked up and answered, and no call
  /// goes on differently for them; who waits for a mutex waits for one actor.
  static constexpr bool decides(ObjectKind kind, model::Mode mode) {
    switch (kind) {
      case ObjectKind::data:
      case ObjectKind::atime:
      case ObjectKind::meta:
      case ObjectKind::clock:
        return false;
      case ObjectKind::mutex:
        return mode != model::Mode::acquire && mode != model::Mode::release;
      default:
        return true;
    }
  }

  model::Footprint& footprint_;
  model::Chooser* chooser_;
  CallInfo* info_;
  model::ActorId actor_;
  ProcessId process_;
  bool dry_;
};

}  // namespace unswept::sim
