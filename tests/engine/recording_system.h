// tests/engine/recording_system.h: a System that passes every call on and writes it down.
//
// One line per call, the paths relative to a root: "rename a -> b", "flock(exclusive)".  Calls on
// descriptors are named by what was opened.  Reading calls that no test orders (read, pread,
// fstat, close, now, random) are passed on silently.  syncfs is only written down: it would flush
// the whole machine.
#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "engine/os/system.h"

namespace unswept::test {

class RecordingSystem final : public os::System {
 public:
  RecordingSystem(os::System& inner, std::string root) : inner_(inner), root_(std::move(root)) {}

  std::vector<std::string> calls;
  std::vector<std::string> points;  // "name" or "name(detail)"
  /// Called at every point, with its text.
  std::function<void(const std::string&)> at_point;
  /// Asked before every call that is written down; a code in place of none makes it fail.
  std::function<os::Errno(const std::string&)> fault;
  /// write() takes no more bytes than this at once.
  std::size_t short_writes = std::numeric_limits<std::size_t>::max();

  bool has_call(std::string_view text) const { return count_calls(text) > 0; }
  std::ptrdiff_t count_calls(std::string_view text) const {
    return std::ranges::count_if(
        calls, [&](const std::string& call) { return call.find(text) != std::string::npos; });
  }
  /// The calls that contain `text`.
  std::vector<std::string> calls_with(std::string_view text) const {
    std::vector<std::string> found;
    std::ranges::copy_if(calls, std::back_inserter(found), [&](const std::string& call) {
      return call.find(text) != std::string::npos;
    });
    return found;
  }

  os::Result<os::Fd> open(os::Where where, os::Open flags, std::uint32_t mode) override {
    const std::string name = name_of(where);
    const bool creates = os::has(flags, os::Open::create);
    if (auto code = note((creates ? "create " : "open ") + name); code != os::Errno{}) {
      return os::fail(code);
    }
    auto fd = inner_.open(where, flags, mode);
    if (fd) names_[*fd] = name;
    return fd;
  }
  void close(os::Fd fd) noexcept override { inner_.close(fd); }
  os::Result<std::size_t> read(os::Fd fd, std::span<std::byte> out) override {
    return inner_.read(fd, out);
  }
  os::Result<std::size_t> pread(os::Fd fd, std::span<std::byte> out,
                                std::uint64_t offset) override {
    return inner_.pread(fd, out, offset);
  }
  os::Result<std::size_t> write(os::Fd fd, std::span<const std::byte> bytes) override {
    if (auto code = note("write " + names_[fd]); code != os::Errno{}) return os::fail(code);
    return inner_.write(fd, bytes.first(std::min(bytes.size(), short_writes)));
  }
  os::Result<std::size_t> pwrite(os::Fd fd, std::span<const std::byte> bytes,
                                 std::uint64_t offset) override {
    if (auto code = note("write " + names_[fd]); code != os::Errno{}) return os::fail(code);
    return inner_.pwrite(fd, bytes, offset);
  }
  os::Result<> seek(os::Fd fd, std::uint64_t offset) override { return inner_.seek(fd, offset); }
  os::Result<> truncate(os::Fd fd, std::uint64_t size) override {
    if (auto code = note("truncate " + names_[fd]); code != os::Errno{}) return os::fail(code);
    return inner_.truncate(fd, size);
  }
  os::Result<os::Mapping> map(os::Fd fd) override { return inner_.map(fd); }
  os::Result<> fsync(os::Fd fd) override {
    if (auto code = note("fsync " + names_[fd]); code != os::Errno{}) return os::fail(code);
    return inner_.fsync(fd);
  }
  os::Result<> syncfs(os::Fd fd) override {
    if (auto code = note("syncfs " + names_[fd]); code != os::Errno{}) return os::fail(code);
    return {};
  }
  os::Result<> rename(os::Where from, os::Where to) override {
    if (auto code = note("rename " + name_of(from) + " -> " + name_of(to)); code != os::Errno{}) {
      return os::fail(code);
    }
    return inner_.rename(from, to);
  }
  os::Result<> rename_no_replace(os::Where from, os::Where to) override {
    if (auto code = note("rename-new " + name_of(from) + " -> " + name_of(to));
        code != os::Errno{}) {
      return os::fail(code);
    }
    return inner_.rename_no_replace(from, to);
  }
  os::Result<> unlink(os::Where where) override {
    if (auto code = note("unlink " + name_of(where)); code != os::Errno{}) return os::fail(code);
    return inner_.unlink(where);
  }
  os::Result<> mkdir(os::Where where, std::uint32_t mode) override {
    if (auto code = note("mkdir " + name_of(where)); code != os::Errno{}) return os::fail(code);
    return inner_.mkdir(where, mode);
  }
  os::Result<> rmdir(os::Where where) override {
    if (auto code = note("rmdir " + name_of(where)); code != os::Errno{}) return os::fail(code);
    return inner_.rmdir(where);
  }
  os::Result<os::Stat> stat(os::Where where, os::Follow follow) override {
    if (auto code = note("stat " + name_of(where)); code != os::Errno{}) return os::fail(code);
    return inner_.stat(where, follow);
  }
  os::Result<os::Stat> fstat(os::Fd fd) override { return inner_.fstat(fd); }
  os::Result<> touch(os::Where where) override {
    if (auto code = note("touch " + name_of(where)); code != os::Errno{}) return os::fail(code);
    return inner_.touch(where);
  }
  os::Result<> chmod(os::Fd fd, std::uint32_t mode) override { return inner_.chmod(fd, mode); }
  os::Result<> chown_to_service(os::Fd fd) override { return inner_.chown_to_service(fd); }
  os::Result<> read_directory(os::Fd fd, std::vector<os::DirEntry>& out) override {
    if (auto code = note("list " + names_[fd]); code != os::Errno{}) return os::fail(code);
    return inner_.read_directory(fd, out);
  }
  os::Result<> flock(os::Fd fd, os::LockKind kind, os::Wait wait) override {
    const char* const how = kind == os::LockKind::exclusive ? "lock " : "lock-shared ";
    if (auto code = note(how + names_[fd]); code != os::Errno{}) return os::fail(code);
    return inner_.flock(fd, kind, wait);
  }
  void funlock(os::Fd fd) noexcept override { inner_.funlock(fd); }
  os::Result<> record_lock(os::Fd fd, os::RecordLock what) override {
    constexpr const char* kWhat[] = {"read", "write", "unlock"};
    const std::string kind = kWhat[static_cast<int>(what)];
    if (auto code = note("record-lock " + kind + ' ' + names_[fd]); code != os::Errno{}) {
      return os::fail(code);
    }
    return inner_.record_lock(fd, what);
  }
  std::unique_ptr<os::Mutex> make_mutex(std::string_view name) override {
    return inner_.make_mutex(name);
  }
  os::Timestamp now() override { return inner_.now(); }
  void sleep(std::chrono::milliseconds duration) override { inner_.sleep(duration); }
  std::int32_t utc_offset(std::int64_t) override { return 0; }
  void random(std::span<std::byte> out) override { inner_.random(out); }
  bool points_wanted() override { return true; }
  void point(const os::Point& point, std::string_view detail) override {
    std::string text(point.name);
    if (!detail.empty()) text += '(' + std::string(detail) + ')';
    points.push_back(text);
    if (at_point) at_point(text);
  }

 private:
  os::Errno note(const std::string& call) {
    calls.push_back(call);
    return fault ? fault(call) : os::Errno{};
  }

  std::string name_of(const os::Where& where) {
    std::string name(where.path);
    if (where.dir != os::Fd::cwd) return names_[where.dir] + '/' + name;
    if (name.starts_with(root_ + '/')) name.erase(0, root_.size() + 1);
    // The random letters of temporary names.
    if (const auto at = name.find(".tmp_"); at != std::string::npos && at + 11 == name.size()) {
      name.resize(at + 5);
    }
    return name;
  }

  os::System& inner_;
  std::string root_;
  std::map<os::Fd, std::string> names_;
};

}  // namespace unswept::test
