// sim/monitor.h: watching a world without being part of it.
//
// A monitor sees every system call with the inodes it resolved to, may add
// accesses of ghost objects to the call's footprint, and hears of the points
// that actors pass.  It takes no steps and must not change the world.  What it
// remembers it must forget in on_reset().
//
// Thread safety: as the World it watches.
#pragma once

#include <span>
#include <string_view>

#include "engine/os/system.h"
#include "sim/objects.h"
#include "sim/ops.h"

namespace unswept::sim {

enum class ProcessId : std::uint32_t {};

/// A name that a call resolved, and what it stood for before the call.
struct ResolvedName {
  InodeNumber parent = 0;                   // 0: the directory part does not exist
  std::string_view name;                    // the last component
  InodeNumber inode = 0;                    // 0: absent
  os::FileType type = os::FileType::other;  // of `inode`
};

/// A system call, as far as it is known.  Views are valid during the callback only.
struct CallInfo {
  Op op = Op::none;
  model::ActorId actor = model::kNoActor;
  ProcessId process{};
  os::Fd fd = os::Fd::none;  // the descriptor asked for, or got from open
  InodeNumber inode = 0;     // what the call acted on: the file opened, read, touched, locked...
  ResolvedName from;         // the name acted on; for a rename, the old one
  ResolvedName to;           // for a rename, the new one
  os::Open flags{};          // of an open
  os::Errno error{};         // zero: it succeeded (or would, in extend())
  std::span<const os::DirEntry> entries;  // of a read_directory, in after() only

  bool ok() const { return error == os::Errno{}; }
};

/// Bit i stands for the Op with that code.
using OpSet = std::uint64_t;
constexpr OpSet set_of(Op op) { return OpSet{1} << static_cast<int>(op); }
inline constexpr OpSet kAllOps = ~OpSet{0};

class Monitor {
 public:
  virtual ~Monitor() = default;
  /// For which calls extend() and after() are to be called; asked once, by set_monitor().  An
  /// extended call costs an additional look at the file system.
  virtual OpSet extends() const { return kAllOps; }
  virtual OpSet observes() const { return kAllOps; }
  /// Adds accesses to the footprint of `call`, which has not happened yet.
  /// Must be a function of `call` and of what the footprint then holds.
  virtual void extend(const CallInfo& call, model::Footprint& footprint) {
    (void)call, (void)footprint;
  }
  /// `call` has just happened.  Its step is not reported to the chooser yet, so
  /// World::violate() here belongs to it.
  virtual void after(const CallInfo& call) { (void)call; }
  /// An actor passes a named point of its protocol, between two steps of its own.  Called again for
  /// what an actor passed before when its code is repeated after going back.
  virtual void point(model::ActorId actor, const os::Point& point, std::string_view detail) {
    (void)actor, (void)point, (void)detail;
  }
  /// An actor's body is over, for good or bad.
  virtual void ended(model::ActorId actor) { (void)actor; }
  /// The world is back in its sealed state; a run is about to begin.
  virtual void on_reset() {}
  /// The world has gone back to the middle of the last run.  What after() and ended() changed
  /// since then was taken back by World::on_undo(); point() is called again for what actors passed
  /// up to there.
  virtual void on_rewind() {}
};

}  // namespace unswept::sim
