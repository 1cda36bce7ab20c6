// tests/conformance/pair.h: one call, made in the simulated world and on the real disk.
//
// Both trees hang below a base directory deep enough that no path of a test leaves
// what the test made.  Calls return whether the answers agree; trace() says in
// words what was asked and answered.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/os/posix/posix_system.h"
#include "sim/world.h"
#include "tests/conformance/other_process.h"

namespace unswept::conformance {

/// A path, or one relative to a descriptor (an index into Pair's descriptors).
struct Spot {
  int descriptor = -1;  // -1: below the base directory
  std::string path;
};

/// A spot on either side.
struct Sides {
  std::string sim_path;
  std::string real_path;
  os::Fd sim_fd = os::Fd::cwd;
  os::Fd real_fd = os::Fd::cwd;

  os::Where sim() const { return {sim_fd, sim_path}; }
  os::Where real() const { return {real_fd, real_path}; }
};

class Pair {
 public:
  /// `sim_os` and `sim_other` are the systems of two processes of one world.
  Pair(os::System& sim_os, os::System& sim_other, OtherProcess& real_other, std::string real_base,
       std::string sim_base);
  ~Pair();

  bool open(const Spot& spot, os::Open flags, std::uint32_t mode);
  bool close(std::size_t fd);
  bool read(std::size_t fd, std::size_t count);
  bool pread(std::size_t fd, std::size_t count, std::uint64_t offset);
  bool write(std::size_t fd, const std::string& text);
  bool pwrite(std::size_t fd, const std::string& text, std::uint64_t offset);
  bool seek(std::size_t fd, std::uint64_t offset);
  bool truncate(std::size_t fd, std::uint64_t size);
  bool map(std::size_t fd);
  bool fsync(std::size_t fd);
  bool rename(const Spot& from, const Spot& to);
  bool rename_no_replace(const Spot& from, const Spot& to);
  bool unlink(const Spot& spot);
  bool mkdir(const Spot& spot, std::uint32_t mode);
  bool rmdir(const Spot& spot);
  bool stat(const Spot& spot, os::Follow follow);
  bool fstat(std::size_t fd);
  bool touch(const Spot& spot);
  bool chmod(std::size_t fd, std::uint32_t mode);
  /// Reads to the end; compares what there is as sets.
  bool list(std::size_t fd);
  bool flock(std::size_t fd, os::LockKind kind);
  bool funlock(std::size_t fd);
  bool record_lock(std::size_t fd, os::RecordLock what);

  // The same by another process, on descriptors of its own.
  bool other_open(const std::string& path, os::Open flags);
  bool other_close(std::size_t fd);
  bool other_flock(std::size_t fd, os::LockKind kind);
  bool other_funlock(std::size_t fd);
  bool other_record_lock(std::size_t fd, os::RecordLock what);

  /// The whole tree: names, types, modes, contents.
  bool same_trees();

  std::size_t descriptors() const { return descriptors_.size(); }
  bool is_open(std::size_t fd) const { return descriptors_[fd].open; }
  std::size_t other_descriptors() const { return other_descriptors_.size(); }
  const std::vector<std::string>& trace() const { return trace_; }

 private:
  struct Both {
    os::Fd sim;
    os::Fd real;
    bool open = true;
    bool listed = false;  // read to its end once
  };
  Sides sides(const Spot& spot) const;
  std::string words(const Spot& spot) const;
  template <class T>
  bool agree(const std::string& what, const os::Result<T>& sim, const os::Result<T>& real);
  bool differ(const std::string& what, const std::string& sim, const std::string& real);
  bool same_directory(const std::string& path);

  os::System& sim_;
  os::System& sim_other_;
  os::PosixSystem real_;
  OtherProcess& real_other_;
  std::string real_base_;
  std::string sim_base_;
  std::vector<Both> descriptors_;
  std::vector<Both> other_descriptors_;
  std::vector<std::string> trace_;
};

}  // namespace unswept::conformance
