#include "engine/store/group.h"

#include "engine/format/bytes.h"
#include "engine/store/atomic_file.h"
#include "engine/store/directory.h"

namespace unswept::engine {

namespace {

std::string file_of(const Datastore& store, const Namespace& ns, const GroupId& group,
                    std::string_view name) {
  std::string path = store.path(ns, group);
  path += '/';
  path += name;
  return path;
}

Result<> write_owner(const Datastore& store, const std::string& path, const AuthId& owner) {
  os::System& system = store.system();
  auto file = os::open_file(system, path, os::Open::write | os::Open::create | os::Open::exclusive);
  if (!file) return os_failure(file.error(), "create", path);
  const std::string content = print_owner_file(owner);
  if (auto written = write_all(system, file->fd(), as_bytes(content)); !written) {
    (void)system.unlink(path);
    return os_failure(written.error(), "write", path);
  }
  return {};
}

/// True if the group directory was made, false if it was there.
Result<bool> make_group_directory(os::System& system, const std::string& path) {
  const std::string_view type_directory = std::string_view(path).substr(0, path.rfind('/'));
  if (auto made = make_directories(system, type_directory); !made)
    return os_failure(made.error(), "create directory", type_directory);
  auto made = system.mkdir(path);
  if (made) return true;
  if (made.error() == os::Errno::file_exists) return false;
  return os_failure(made.error(), "create directory", path);
}

/// Whether a group's directory holds nothing but, maybe, an `owner` with nothing in it: all that is
/// there when its maker was killed.  REQUIRES: the group is locked.
bool is_unfinished_group(const Datastore& store, const std::string& path) {
  os::System& system = store.system();
  auto directory = Directory::open(system, path, std::nullopt, os::Follow::no);
  while (directory) {
    const auto entry = directory->next();
    if (!entry) return false;
    if (*entry == nullptr) return true;
    if ((*entry)->name != kOwnerName) return false;
    const auto stat = system.stat({directory->fd(), kOwnerName}, os::Follow::no);
    if (!stat || stat->type != os::FileType::regular || stat->size != 0) return false;
  }
  return false;
}

/// The owner of a group that was there; `owner` where its maker came to no owner.
Result<AuthId> read_or_complete_owner(const Datastore& store, const Namespace& ns,
                                      const GroupId& group, const AuthId& owner) {
  auto found = read_owner(store, ns, group);
  if (found || !is_unfinished_group(store, store.path(ns, group))) return found;
  const std::string path = file_of(store, ns, group, kOwnerName);
  (void)store.system().unlink(path);
  if (auto written = write_owner(store, path, owner); !written) return forward_error(written);
  return read_owner(store, ns, group);
}

}  // namespace

Result<LockedGroup> create_or_open_group(const Datastore& store, const Namespace& ns,
                                         const GroupId& group, const AuthId& owner) {
  os::System& system = store.system();
  const std::string path = store.path(ns, group);
  auto created = make_group_directory(system, path);
  if (!created) return forward_error(created);
  auto undo = [&](Error error) {
    if (*created) (void)system.rmdir(path);
    return std::unexpected(std::move(error));
  };

  auto lock = store.lock_group(ns, group);
  if (!lock) {
    lock.error().kind = ErrorKind::lock_conflict;
    return undo(std::move(lock.error()));
  }
  if (*created) {
    auto written = write_owner(store, file_of(store, ns, group, kOwnerName), owner);
    if (!written) return undo(std::move(written.error()));
  }
  auto found =
      *created ? read_owner(store, ns, group) : read_or_complete_owner(store, ns, group, owner);
  if (!found) return forward_error(found);
  return LockedGroup{std::move(*lock), *created, std::move(*found)};
}

Result<AuthId> read_owner(const Datastore& store, const Namespace& ns, const GroupId& group) {
  const std::string path = file_of(store, ns, group, kOwnerName);
  constexpr std::size_t kLongestOwnerFile = 4096;
  auto content = read_file(store.system(), path, kLongestOwnerFile);
  if (!content) return os_failure(content.error(), "read", path);
  auto owner = parse_owner_file(*content);
  if (!owner) return std::unexpected(with_context(std::move(owner.error()), path));
  return owner;
}

Result<std::optional<std::string>> read_group_notes(const Datastore& store, const Namespace& ns,
                                                    const GroupId& group) {
  const std::string path = file_of(store, ns, group, kNotesName);
  auto content = read_file(store.system(), path);
  if (content) return std::move(*content);
  if (content.error() == os::Errno::no_such_file_or_directory) return std::nullopt;
  return os_failure(content.error(), "read", path);
}

}  // namespace unswept::engine
