#include "sim/vfs/descriptors.h"

#include <algorithm>

#include "sim/check.h"
#include "sim/hash.h"

namespace unswept::sim {
namespace {

using Change = StateLog::Change;
using os::Errno;
using os::fail;
using os::Result;

constexpr int kCreatorShift = 24;          // below: the creator's own count
constexpr std::uint32_t kFirstNumber = 3;  // as in a process with a terminal
constexpr std::uint32_t kNumberMask = (1U << kCreatorShift) - 1;

os::Fd fd_of(CreatorId creator, std::size_t index) {
  UNSWEPT_SIM_CHECK(index + kFirstNumber <= kNumberMask, "an actor opened too many files");
  return static_cast<os::Fd>(creator << kCreatorShift |
                             (static_cast<std::uint32_t>(index) + kFirstNumber));
}

CreatorId creator_of(os::Fd fd) { return static_cast<std::uint32_t>(fd) >> kCreatorShift; }

Description& description_of(const Change& change) {
  return *static_cast<Description*>(change.part);
}

void apply_flock(Description& description, Hold hold) {
  Inode& inode = *description.inode;
  if (description.flock == Hold::shared) --inode.flock_shared;
  if (description.flock == Hold::exclusive) inode.flock_exclusive = false;
  if (hold == Hold::shared) ++inode.flock_shared;
  if (hold == Hold::exclusive) inode.flock_exclusive = true;
  description.flock = hold;
}

}  // namespace

model::Fingerprint Description::contribution() const {
  if (inode == nullptr) return retired ? (WideDigest() << object()).value() : model::Fingerprint{};
  WideDigest digest;
  digest << object() << inode->number << static_cast<std::uint64_t>(flags) << position
         << static_cast<std::uint64_t>(flock);
  if (stream.state != DirectoryStream::State::fresh) {
    // In which order the entries came is known to the actor, not to the stream.
    std::uint64_t returned = 0;
    for (const Name* name : stream.returned) returned += mix(name->hash);
    digest << static_cast<std::uint64_t>(stream.state) << returned;
    if (!stream.returned.empty()) digest << stream.returned.back()->hash;
    for (const Entry& entry : stream.first) digest << entry.name->hash;
  }
  return digest.value();
}

Descriptors::Descriptors(StateLog& log, Tree& tree)
    : log_(log), tree_(tree), by_creator_(model::kActorsMax + 1) {}

// Open or closed.
Description* Descriptors::given_out(os::Fd fd) const {
  if (static_cast<std::int32_t>(fd) < 0) return nullptr;
  const auto number = static_cast<std::uint32_t>(fd);
  const std::size_t creator = number >> kCreatorShift;
  const std::size_t index = std::size_t{number & kNumberMask} - kFirstNumber;
  if (creator >= by_creator_.size() || index >= by_creator_[creator].size()) return nullptr;
  return by_creator_[creator][index];
}

Description* Descriptors::peek(ProcessId process, os::Fd fd) {
  Description* found = given_out(fd);
  if (found == nullptr || found->inode == nullptr || found->process != process) return nullptr;
  return found;
}

std::string Descriptors::path_of(os::Fd fd) const {
  const Description* description = given_out(fd);
  return description == nullptr ? std::string{} : path_of(*description);
}

std::string Descriptors::path_of(const Description& description) {
  std::string path;
  if (description.opened_at != nullptr) path = path_of(*description.opened_at) + '/';
  path += description.opened_by->text;
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

Result<Description*> Descriptors::checked(Touch& touch, os::Fd fd) {
  Description* found = peek(touch.process(), fd);
  if (found == nullptr) return fail(Errno::bad_file_descriptor);
  if (touch.info() != nullptr) {
    touch.info()->fd = fd;
    touch.info()->inode = found->inode->number;
  }
  return found;
}

Result<Description*> Descriptors::get(Touch& touch, os::Fd fd) {
  touch.read(object(ObjectKind::descriptor, static_cast<std::uint64_t>(fd)));
  return checked(touch, fd);
}

Result<Description*> Descriptors::get_to_change(Touch& touch, os::Fd fd) {
  touch.write(object(ObjectKind::descriptor, static_cast<std::uint64_t>(fd)));
  return checked(touch, fd);
}

std::size_t Descriptors::lowest_free(CreatorId creator) const {
  const auto& mine = by_creator_[creator];
  const auto is_free = [](const Description* last) {
    return last->inode == nullptr && !last->retired;
  };
  return static_cast<std::size_t>(std::ranges::find_if(mine, is_free) - mine.begin());
}

// The one that had the number before is kept: the world may go back to when it was open.
Description& Descriptors::take(CreatorId creator, std::size_t index) {
  if (unused_.empty()) unused_.push_back(&descriptions_.emplace_back());
  Description& description = *unused_.back();
  unused_.pop_back();
  auto& mine = by_creator_[creator];
  if (index == mine.size()) mine.push_back(nullptr);
  log_.changed({[](const Change& change) {
                  Description& gone = description_of(change);
                  gone.inode = nullptr;
                  auto* self = reinterpret_cast<Descriptors*>(change.a);
                  auto& numbers = self->by_creator_[change.b >> 32];
                  auto* before = reinterpret_cast<Description*>(change.c);
                  numbers[change.b & 0xffffffffU] = before;
                  if (before == nullptr) numbers.pop_back();
                  self->unused_.push_back(&gone);
                },
                &description, reinterpret_cast<std::uintptr_t>(this),
                std::uint64_t{creator} << 32 | index,
                reinterpret_cast<std::uintptr_t>(mine[index])});
  mine[index] = &description;
  description.fd = fd_of(creator, index);
  return description;
}

Description* Descriptors::open(Touch& touch, Inode& inode, os::Open flags, os::Fd opened_at,
                               const Path& opened_by) {
  const std::size_t number = lowest_free(touch.creator());
  touch.write(
      object(ObjectKind::descriptor, static_cast<std::uint64_t>(fd_of(touch.creator(), number))));
  if (touch.dry()) return nullptr;
  Description& description = take(touch.creator(), number);
  description.process = touch.process();
  description.inode = &inode;
  description.flags = flags;
  description.position = 0;
  description.flock = Hold::none;
  description.policy = {};
  description.opened_at = opened_by.absolute ? nullptr : given_out(opened_at);
  description.opened_by = &opened_by;
  description.stream.state = DirectoryStream::State::fresh;
  description.stream.returned.clear();
  description.stream.first.clear();
  description.retired = false;
  tree_.add_open(inode, 1);
  return &description;
}

void Descriptors::close(Touch& touch, os::Fd fd) {
  auto found = get_to_change(touch, fd);
  if (!found) return;
  Description& description = **found;
  Inode& inode = *description.inode;
  if (description.flock != Hold::none)
    set_flock(
        touch, description, Hold::none,
        description.flock == Hold::shared ? model::Mode::release_shared : model::Mode::release);
  // POSIX: closing any descriptor of a file gives up all record locks of the process on it.
  if (inode.record_of(description.process) != os::RecordLock::unlock)
    tree_.set_record(touch, inode, description.process, os::RecordLock::unlock);
  else if (!inode.is_directory())
    touch.read(inode.object(ObjectKind::record));
  if (touch.dry()) return;
  tree_.add_open(inode, -1);
  log_.changed({[](const Change& change) {
                  description_of(change).inode = reinterpret_cast<Inode*>(change.a);
                  description_of(change).retired = false;
                },
                &description, reinterpret_cast<std::uintptr_t>(&inode), 0, 0});
  description.inode = nullptr;
  description.retired = creator_of(fd) != touch.creator();
}

void Descriptors::set_position(Touch& touch, Description& description, std::uint64_t position) {
  touch.write(description.object());
  if (touch.dry() || position == description.position) return;
  log_.changed({[](const Change& change) { description_of(change).position = change.a; },
                &description, description.position, 0, 0});
  description.position = position;
}

// What is appended to `returned` afterwards is taken back with this change.
void Descriptors::set_stream(Touch& touch, Description& description, DirectoryStream::State state) {
  touch.write(description.object());
  if (touch.dry()) return;
  DirectoryStream& stream = description.stream;
  log_.changed({[](const Change& change) {
                  DirectoryStream& undone = description_of(change).stream;
                  undone.state = static_cast<DirectoryStream::State>(change.a);
                  undone.returned.resize(change.b);
                  if (undone.state == DirectoryStream::State::fresh) undone.first.clear();
                },
                &description, static_cast<std::uint64_t>(stream.state), stream.returned.size(), 0});
  stream.state = state;
}

bool Descriptors::conflicts(const Description& description, os::LockKind kind) {
  const Inode& inode = *description.inode;
  const bool exclusive_elsewhere = inode.flock_exclusive && description.flock != Hold::exclusive;
  if (kind == os::LockKind::shared) return exclusive_elsewhere;
  const std::uint32_t own = description.flock == Hold::shared ? 1 : 0;
  return exclusive_elsewhere || inode.flock_shared > own;
}

void Descriptors::set_flock(Touch& touch, Description& description, Hold hold, model::Mode mode) {
  // Actors that share a descriptor are one holder: what the lock's modes say of holders (shared
  // ones do not mind each other; nobody gets it before it is given up) is not true of them.
  touch.write(description.object());
  touch.use(description.inode->object(ObjectKind::flock), mode);
  if (touch.dry() || description.flock == hold) return;
  log_.changed({[](const Change& change) {
                  apply_flock(description_of(change), static_cast<Hold>(change.a));
                },
                &description, static_cast<std::uint64_t>(description.flock), 0, 0});
  apply_flock(description, hold);
}

std::vector<const Description*> Descriptors::all_open() const {
  std::vector<const Description*> open;
  for (const auto& mine : by_creator_)
    for (const Description* description : mine)
      if (description->inode != nullptr) open.push_back(description);
  return open;
}

}  // namespace unswept::sim
