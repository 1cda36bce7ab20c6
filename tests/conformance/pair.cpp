#include "tests/conformance/pair.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "sim/call_values.h"

namespace unswept::conformance {
namespace {

using os::Errno;
using os::Fd;
using os::Result;

/// In place of a closed descriptor, whose number may come again, on either side at another time.
constexpr Fd kNeverOpen = static_cast<Fd>(1'000'000);

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string text_of(std::span<const std::byte> bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

std::string words(const Result<>& result) {
  return result ? "done" : sim::errno_name(result.error());
}

std::string words(const Result<std::size_t>& result) {
  return result ? std::to_string(*result) : sim::errno_name(result.error());
}

std::string words(const Result<std::string>& result) {
  return result ? "'" + *result + "'" : sim::errno_name(result.error());
}

std::string words(const Result<os::Stat>& result) {
  if (!result) return sim::errno_name(result.error());
  return "type " + std::to_string(static_cast<int>(result->type)) + " size " +
         std::to_string(result->size) + " mode " + std::to_string(result->mode);
}

using Listing = std::map<std::string, os::FileType>;

Result<Listing> list_all(os::System& system, Fd fd) {
  Listing listing;
  std::vector<os::DirEntry> batch;
  do {
    if (auto read = system.read_directory(fd, batch); !read) return os::fail(read.error());
    for (const os::DirEntry& entry : batch) listing.emplace(entry.name, entry.type);
  } while (!batch.empty());
  return listing;
}

std::string words(const Result<Listing>& listing) {
  if (!listing) return sim::errno_name(listing.error());
  std::string text = "[";
  for (const auto& [name, type] : *listing)
    text += name + ":" + std::to_string(static_cast<int>(type)) + " ";
  return text + "]";
}

Result<std::string> read_up_to(os::System& system, Fd fd, std::size_t count) {
  std::vector<std::byte> bytes(count);
  const auto got = system.read(fd, bytes);
  if (!got) return os::fail(got.error());
  return text_of(std::span(bytes).first(*got));
}

Result<std::string> content_of(os::System& system, const std::string& path) {
  const auto file = os::open_file(system, path, os::Open::read);
  if (!file) return os::fail(file.error());
  return read_up_to(system, file->fd(), 1 << 16);
}

}  // namespace

Pair::Pair(os::System& sim_os, os::System& sim_other, OtherProcess& real_other,
           std::string real_base, std::string sim_base)
    : sim_(sim_os),
      sim_other_(sim_other),
      real_other_(real_other),
      real_base_(std::move(real_base)),
      sim_base_(std::move(sim_base)) {}

Pair::~Pair() {
  for (const Both& both : descriptors_)
    if (both.open) real_.close(both.real);
  for (const Both& both : other_descriptors_)
    if (both.open) real_other_.close(both.real);
}

Sides Pair::sides(const Spot& spot) const {
  if (spot.descriptor < 0) return {sim_base_ + spot.path, real_base_ + spot.path};
  const Both& both = descriptors_[static_cast<std::size_t>(spot.descriptor)];
  return {spot.path, spot.path, both.sim, both.real};
}

std::string Pair::words(const Spot& spot) const {
  if (spot.descriptor < 0) return spot.path;
  return "(" + std::to_string(spot.descriptor) + ")" + spot.path;
}

bool Pair::differ(const std::string& what, const std::string& sim, const std::string& real) {
  trace_.push_back(what + " = " + real + (sim == real ? "" : "   BUT SIMULATED: " + sim));
  return sim != real;
}

template <class T>
bool Pair::agree(const std::string& what, const Result<T>& sim, const Result<T>& real) {
  return !differ(what, conformance::words(sim), conformance::words(real));
}

// --- files -------------------------------------------------------------------------

bool Pair::open(const Spot& spot, os::Open flags, std::uint32_t mode) {
  const Sides at = sides(spot);
  const auto sim = sim_.open(at.sim(), flags, mode);
  const auto real = real_.open(at.real(), flags, mode);
  const std::string number = "fd " + std::to_string(descriptors_.size());
  const auto say = [&](const Result<Fd>& result) {
    return result ? number : sim::errno_name(result.error());
  };
  if (sim && real) descriptors_.push_back({*sim, *real});
  return !differ("open " + words(spot) + " flags " + std::to_string(static_cast<int>(flags)),
                 say(sim), say(real));
}

bool Pair::close(std::size_t fd) {
  Both& both = descriptors_[fd];
  if (!both.open) return true;
  both.open = false;
  sim_.close(both.sim);
  real_.close(both.real);
  both.sim = kNeverOpen;
  both.real = kNeverOpen;
  trace_.push_back("close fd " + std::to_string(fd));
  return true;
}

bool Pair::read(std::size_t fd, std::size_t count) {
  const Both& both = descriptors_[fd];
  return agree("read fd " + std::to_string(fd) + " " + std::to_string(count),
               read_up_to(sim_, both.sim, count), read_up_to(real_, both.real, count));
}

bool Pair::pread(std::size_t fd, std::size_t count, std::uint64_t offset) {
  const auto get = [&](os::System& system, Fd at) -> Result<std::string> {
    std::vector<std::byte> bytes(count);
    const auto got = system.pread(at, bytes, offset);
    if (!got) return os::fail(got.error());
    return text_of(std::span(bytes).first(*got));
  };
  const Both& both = descriptors_[fd];
  return agree("pread fd " + std::to_string(fd) + " " + std::to_string(count) + " at " +
                   std::to_string(offset),
               get(sim_, both.sim), get(real_, both.real));
}

bool Pair::write(std::size_t fd, const std::string& text) {
  const Both& both = descriptors_[fd];
  return agree("write fd " + std::to_string(fd) + " '" + text + "'",
               sim_.write(both.sim, bytes_of(text)), real_.write(both.real, bytes_of(text)));
}

bool Pair::pwrite(std::size_t fd, const std::string& text, std::uint64_t offset) {
  const Both& both = descriptors_[fd];
  return agree("pwrite fd " + std::to_string(fd) + " '" + text + "' at " + std::to_string(offset),
               sim_.pwrite(both.sim, bytes_of(text), offset),
               real_.pwrite(both.real, bytes_of(text), offset));
}

bool Pair::seek(std::size_t fd, std::uint64_t offset) {
  const Both& both = descriptors_[fd];
  // Simulated directories cannot be rewound.
  if (const auto stat = sim_.fstat(both.sim); stat && stat->type == os::FileType::directory)
    return true;
  return agree("seek fd " + std::to_string(fd) + " " + std::to_string(offset),
               sim_.seek(both.sim, offset), real_.seek(both.real, offset));
}

bool Pair::truncate(std::size_t fd, std::uint64_t size) {
  const Both& both = descriptors_[fd];
  return agree("truncate fd " + std::to_string(fd) + " " + std::to_string(size),
               sim_.truncate(both.sim, size), real_.truncate(both.real, size));
}

bool Pair::map(std::size_t fd) {
  const auto get = [](os::System& system, Fd at) -> Result<std::string> {
    const auto mapping = system.map(at);
    if (!mapping) return os::fail(mapping.error());
    return text_of(mapping->bytes());
  };
  const Both& both = descriptors_[fd];
  return agree("map fd " + std::to_string(fd), get(sim_, both.sim), get(real_, both.real));
}

bool Pair::fsync(std::size_t fd) {
  const Both& both = descriptors_[fd];
  return agree("fsync fd " + std::to_string(fd), sim_.fsync(both.sim), real_.fsync(both.real));
}

// --- names -------------------------------------------------------------------------

bool Pair::rename(const Spot& from, const Spot& to) {
  const Sides source = sides(from);
  const Sides target = sides(to);
  return agree("rename " + words(from) + " -> " + words(to),
               sim_.rename(source.sim(), target.sim()), real_.rename(source.real(), target.real()));
}

bool Pair::rename_no_replace(const Spot& from, const Spot& to) {
  const Sides source = sides(from);
  const Sides target = sides(to);
  const auto sim = sim_.rename_no_replace(source.sim(), target.sim());
  auto real = real_.rename_no_replace(source.real(), target.real());
  // Where the kernel says EINVAL, PosixSystem goes on to link(2), which has its own reasons.
  if (!sim && !real && sim.error() == Errno::invalid_argument) real = sim;
  return agree("rename-no-replace " + words(from) + " -> " + words(to), sim, real);
}

bool Pair::unlink(const Spot& spot) {
  const Sides at = sides(spot);
  return agree("unlink " + words(spot), sim_.unlink(at.sim()), real_.unlink(at.real()));
}

bool Pair::mkdir(const Spot& spot, std::uint32_t mode) {
  const Sides at = sides(spot);
  return agree("mkdir " + words(spot), sim_.mkdir(at.sim(), mode), real_.mkdir(at.real(), mode));
}

bool Pair::rmdir(const Spot& spot) {
  const Sides at = sides(spot);
  return agree("rmdir " + words(spot), sim_.rmdir(at.sim()), real_.rmdir(at.real()));
}

// --- metadata ----------------------------------------------------------------------

bool Pair::stat(const Spot& spot, os::Follow follow) {
  const Sides at = sides(spot);
  return agree((follow == os::Follow::yes ? "stat " : "lstat ") + words(spot),
               sim_.stat(at.sim(), follow), real_.stat(at.real(), follow));
}

bool Pair::fstat(std::size_t fd) {
  const Both& both = descriptors_[fd];
  return agree("fstat fd " + std::to_string(fd), sim_.fstat(both.sim), real_.fstat(both.real));
}

bool Pair::touch(const Spot& spot) {
  const Sides at = sides(spot);
  return agree("touch " + words(spot), sim_.touch(at.sim()), real_.touch(at.real()));
}

bool Pair::chmod(std::size_t fd, std::uint32_t mode) {
  const Both& both = descriptors_[fd];
  return agree("chmod fd " + std::to_string(fd) + " " + std::to_string(mode),
               sim_.chmod(both.sim, mode), real_.chmod(both.real, mode));
}

// --- directories and locks -----------------------------------------------------------

bool Pair::list(std::size_t fd) {
  Both& both = descriptors_[fd];
  if (std::exchange(both.listed, true)) return true;  // the rest of a stream is nobody's promise
  return agree("list fd " + std::to_string(fd), list_all(sim_, both.sim),
               list_all(real_, both.real));
}

bool Pair::flock(std::size_t fd, os::LockKind kind) {
  const Both& both = descriptors_[fd];
  return agree("flock fd " + std::to_string(fd) + " " + std::to_string(static_cast<int>(kind)),
               sim_.flock(both.sim, kind, os::Wait::none()),
               real_.flock(both.real, kind, os::Wait::none()));
}

bool Pair::funlock(std::size_t fd) {
  sim_.funlock(descriptors_[fd].sim);
  real_.funlock(descriptors_[fd].real);
  trace_.push_back("funlock fd " + std::to_string(fd));
  return true;
}

bool Pair::record_lock(std::size_t fd, os::RecordLock what) {
  const Both& both = descriptors_[fd];
  return agree(
      "record-lock fd " + std::to_string(fd) + " " + std::to_string(static_cast<int>(what)),
      sim_.record_lock(both.sim, what), real_.record_lock(both.real, what));
}

// --- another process ---------------------------------------------------------------

bool Pair::other_open(const std::string& path, os::Open flags) {
  const auto sim = sim_other_.open(sim_base_ + path, flags);
  const auto real = real_other_.open(real_base_ + path, flags);
  if (sim && real) other_descriptors_.push_back({*sim, *real});
  const auto say = [](const Result<Fd>& result) {
    return result ? std::string("done") : sim::errno_name(result.error());
  };
  return !differ("other: open " + path, say(sim), say(real));
}

bool Pair::other_close(std::size_t fd) {
  Both& both = other_descriptors_[fd];
  if (!std::exchange(both.open, false)) return true;
  sim_other_.close(both.sim);
  real_other_.close(both.real);
  both.sim = kNeverOpen;
  both.real = kNeverOpen;
  trace_.push_back("other: close fd " + std::to_string(fd));
  return true;
}

bool Pair::other_flock(std::size_t fd, os::LockKind kind) {
  const Both& both = other_descriptors_[fd];
  return agree(
      "other: flock fd " + std::to_string(fd) + " " + std::to_string(static_cast<int>(kind)),
      sim_other_.flock(both.sim, kind, os::Wait::none()), real_other_.flock_try(both.real, kind));
}

bool Pair::other_funlock(std::size_t fd) {
  sim_other_.funlock(other_descriptors_[fd].sim);
  real_other_.funlock(other_descriptors_[fd].real);
  trace_.push_back("other: funlock fd " + std::to_string(fd));
  return true;
}

bool Pair::other_record_lock(std::size_t fd, os::RecordLock what) {
  const Both& both = other_descriptors_[fd];
  return agree(
      "other: record-lock fd " + std::to_string(fd) + " " + std::to_string(static_cast<int>(what)),
      sim_other_.record_lock(both.sim, what), real_other_.record_lock(both.real, what));
}

// --- at the end ----------------------------------------------------------------------

bool Pair::same_trees() { return same_directory(""); }

bool Pair::same_directory(const std::string& path) {
  const auto listing = [&](os::System& system, const std::string& base) -> Result<Listing> {
    const auto directory = os::open_file(system, base + path, os::Open::read | os::Open::directory);
    if (!directory) return os::fail(directory.error());
    return list_all(system, directory->fd());
  };
  const auto sim = listing(sim_, sim_base_);
  if (!agree("tree " + path, sim, listing(real_, real_base_))) return false;
  if (!sim) return true;  // the base directory itself may be gone
  for (const auto& [name, type] : *sim) {
    const std::string below = path + '/' + name;
    if (!stat({-1, below}, os::Follow::no)) return false;
    if (type == os::FileType::directory && !same_directory(below)) return false;
    if (type == os::FileType::regular &&
        !agree("content " + below, content_of(sim_, sim_base_ + below),
               content_of(real_, real_base_ + below)))
      return false;
  }
  return true;
}

}  // namespace unswept::conformance
