#include "engine/store/atomic_file.h"

#include <array>

namespace unswept::engine {

namespace {

constexpr std::string_view kTemporarySuffix = ".tmp_";
constexpr std::size_t kRandomLetters = 6;
constexpr int kNameAttempts = 100;
constexpr std::size_t kReadBlock = 4096;

void append_random_letters(os::System& system, std::string& out) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::array<std::byte, kRandomLetters> random;
  system.random(random);
  for (std::byte byte : random)
    out += kLetters[std::to_integer<std::size_t>(byte) % kLetters.size()];
}

os::Result<> fill(os::System& system, os::File& file, std::span<const std::byte> bytes,
                  std::uint32_t mode, Sync sync) {
  if (auto done = system.chmod(file.fd(), mode); !done) return done;
  if (auto done = system.chown_to_service(file.fd()); !done) return done;
  if (auto done = write_all(system, file.fd(), bytes); !done) return done;
  if (sync == Sync::yes) return system.fsync(file.fd());
  return {};
}

}  // namespace

os::Result<TemporaryFile> make_temporary(os::System& system, std::string_view path,
                                         os::Open flags) {
  std::string name;
  name.reserve(path.size() + kTemporarySuffix.size() + kRandomLetters);
  for (int attempt = 1;; ++attempt) {
    name.assign(path);
    name += kTemporarySuffix;
    append_random_letters(system, name);
    auto file = os::open_file(system, name, flags | os::Open::create | os::Open::exclusive, 0600);
    if (file) return TemporaryFile{std::move(*file), std::move(name)};
    if (file.error() != os::Errno::file_exists || attempt == kNameAttempts)
      return os::fail(file.error());
  }
}

os::Result<> replace_file(os::System& system, std::string_view path,
                          std::span<const std::byte> bytes, std::uint32_t mode, Sync sync) {
  auto temporary = make_temporary(system, path);
  if (!temporary) return os::fail(temporary.error());
  auto done = fill(system, temporary->file, bytes, mode, sync);
  temporary->file.close();
  if (done) done = system.rename(temporary->path, path);
  if (!done) (void)system.unlink(temporary->path);
  return done;
}

os::Result<> write_all(os::System& system, os::Fd fd, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    auto written = system.write(fd, bytes);
    if (!written) return os::fail(written.error());
    if (*written == 0) return os::fail(os::Errno::io_error);
    bytes = bytes.subspan(*written);
  }
  return {};
}

os::Result<std::string> read_all(os::System& system, os::Fd fd, std::size_t limit) {
  std::string content;
  std::array<std::byte, kReadBlock> block;
  while (true) {
    auto count = system.read(fd, block);
    if (!count) return os::fail(count.error());
    if (*count == 0) return content;
    if (*count > limit - content.size()) return os::fail(os::Errno::file_too_large);
    content.append(reinterpret_cast<const char*>(block.data()), *count);
  }
}

os::Result<std::string> read_file(os::System& system, os::Where where, std::size_t limit) {
  auto file = os::open_file(system, where, os::Open::read);
  if (!file) return os::fail(file.error());
  return read_all(system, file->fd(), limit);
}

}  // namespace unswept::engine
