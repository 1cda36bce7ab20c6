// sim/vfs/descriptors.h: open files, and the locks that hang on them.
//
// A descriptor is its own open file description: nothing duplicates one.  Each
// creator gets the lowest of its numbers that is free, as from a kernel, so that
// which number it gets depends on what it has open, and not on all that it ever
// had.  A number that another actor has closed is not given out again: otherwise
// it would depend on who was faster.
//
// Thread safety: none.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "engine/os/result.h"
#include "sim/state_log.h"
#include "sim/touch.h"
#include "sim/vfs/directory_policy.h"
#include "sim/vfs/tree.h"

namespace unswept::sim {

enum class Hold : std::uint8_t { none, shared, exclusive };

/// How far a directory has been read.
struct DirectoryStream {
  enum class State : std::uint8_t { fresh, reading, ended };

  State state = State::fresh;
  std::vector<const Name*> returned;  // in the order given
  std::vector<Entry> first;           // what was there at the first batch; kept with `races` only
};

struct Description final : Tracked {
  os::Fd fd = os::Fd::none;
  ProcessId process{};
  Inode* inode = nullptr;  // null: closed
  os::Open flags{};
  std::uint64_t position = 0;  // bytes
  Hold flock = Hold::none;
  DirectoryPolicy policy;
  /// What `opened_by` is relative to, open or closed; not by its number, which others may have by
  /// now.
  const Description* opened_at = nullptr;
  const Path* opened_by = nullptr;
  bool retired = false;  // closed by somebody else than its creator
  DirectoryStream stream;

  bool readable() const { return !writable() || has(flags, os::Open::read); }
  bool writable() const { return has(flags, os::Open::write); }
  model::ObjectId object() const {
    return sim::object(ObjectKind::descriptor, static_cast<std::uint64_t>(fd));
  }

  model::Fingerprint contribution() const override;
};

class Descriptors {
 public:
  Descriptors(StateLog& log, Tree& tree);

  /// An open descriptor of the process that asks; the step depends on its being open.
  os::Result<Description*> get(Touch& touch, os::Fd fd);
  os::Result<Description*> get_to_change(Touch& touch, os::Fd fd);  // position, stream
  /// The same without a touch; null when there is none.
  Description* peek(ProcessId process, os::Fd fd);
  /// The path it was opened by, also when it is closed: for descriptions and policies.
  std::string path_of(os::Fd fd) const;

  /// Null while dry.
  Description* open(Touch& touch, Inode& inode, os::Open flags, os::Fd opened_at,
                    const Path& opened_by);
  /// Releases what hangs on it.
  void close(Touch& touch, os::Fd fd);
  void set_position(Touch& touch, Description& description, std::uint64_t position);
  /// Call it before names are appended to the stream.
  void set_stream(Touch& touch, Description& description, DirectoryStream::State state);

  // flock
  static bool conflicts(const Description& description, os::LockKind kind);
  void set_flock(Touch& touch, Description& description, Hold hold, model::Mode mode);

  /// Open descriptors, by number.
  std::vector<const Description*> all_open() const;

 private:
  os::Result<Description*> checked(Touch& touch, os::Fd fd);
  static std::string path_of(const Description& description);
  std::size_t lowest_free(CreatorId creator) const;
  Description& take(CreatorId creator, std::size_t index);
  Description* given_out(os::Fd fd) const;

  StateLog& log_;
  Tree& tree_;
  std::deque<Description> descriptions_;
  std::vector<Description*> unused_;
  std::vector<std::vector<Description*>> by_creator_;  // by number: the latest one with it
};

}  // namespace unswept::sim
