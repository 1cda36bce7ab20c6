#include "tests/conformance/generator.h"

namespace unswept::conformance {

std::string Generator::component() {
  if (one_in(60)) return std::string(255 + below(2), 'n');
  if (one_in(30)) return ".";
  if (one_in(30)) return "..";
  static constexpr const char* kNames[] = {"a", "b", "c", "d", "link", "up"};
  return kNames[one_in(8) ? 4 + below(2) : below(4)];
}

std::string Generator::path() {
  std::string text;
  const std::uint64_t count = one_in(50) ? 0 : 1 + below(3);
  for (std::uint64_t i = 0; i < count; ++i) text += (i == 0 ? "" : "/") + component();
  if (one_in(15)) text += '/';
  if (one_in(30)) text.insert(text.size() / 2, "//");
  return text;
}

Spot Generator::spot() {
  if (pair_.descriptors() != 0 && one_in(4)) {
    std::string relative = path();
    if (relative.starts_with('/')) relative.insert(0, "a");
    return {static_cast<int>(fd()), relative};
  }
  return {-1, '/' + path()};
}

std::size_t Generator::fd() {
  std::size_t chosen = below(pair_.descriptors());
  for (int tries = 0; tries < 4 && !pair_.is_open(chosen); ++tries)
    chosen = below(pair_.descriptors());
  return chosen;
}

std::string Generator::text() { return std::string(below(12), static_cast<char>('a' + below(26))); }

std::uint64_t Generator::offset() {
  if (one_in(40)) return ~std::uint64_t{0} - below(3);
  return below(20);
}

os::Open Generator::flags() {
  using os::Open;
  static constexpr Open kAccess[] = {Open::read, Open::write, Open::read_write};
  Open flags = kAccess[below(3)];
  if (one_in(2)) {
    flags = flags | Open::create;
    if (one_in(4)) flags = flags | Open::exclusive;
  } else if (one_in(2)) {
    flags = Open::read | Open::directory;
  }
  if (one_in(5)) flags = flags | Open::truncate;
  if (one_in(5)) flags = flags | Open::append;
  if (one_in(6)) flags = flags | Open::no_follow;
  return flags;
}

bool Generator::call() {
  const std::uint64_t kind = below(20);
  if (kind < 11 || pair_.descriptors() == 0) return call_on_name();
  if (kind < 16) return call_on_file();
  if (kind < 18) return call_on_lock();
  return call_of_other();
}

bool Generator::call_on_name() {
  switch (below(12)) {
    case 0:
    case 1:
    case 2:
      return pair_.open(spot(), flags(), mode());
    case 3:
      return pair_.rename(spot(), spot());
    case 4:
      return pair_.rename(spot(), spot());
    case 5:
      return pair_.rename_no_replace(spot(), spot());
    case 6:
      return pair_.unlink(spot());
    case 7:
    case 8:
      return pair_.mkdir(spot(), mode());
    case 9:
      return pair_.rmdir(spot());
    case 10:
      return pair_.stat(spot(), one_in(2) ? os::Follow::yes : os::Follow::no);
    default:
      return pair_.touch(spot());
  }
}

bool Generator::call_on_file() {
  switch (below(13)) {
    case 0:
    case 1:
      return pair_.close(fd());
    case 2:
      return pair_.read(fd(), below(12));
    case 3:
      return pair_.pread(fd(), below(12), offset());
    case 4:
    case 5:
      return pair_.write(fd(), text());
    case 6:
      return pair_.pwrite(fd(), text(), offset());
    case 7:
      return pair_.truncate(fd(), offset());
    case 8:
      return pair_.map(fd());
    case 9:
      return pair_.list(fd());
    case 10:
      return pair_.fstat(fd());
    case 11:
      return pair_.chmod(fd(), mode());
    default:
      return one_in(4) ? pair_.fsync(fd()) : pair_.seek(fd(), offset());
  }
}

bool Generator::call_on_lock() {
  switch (below(5)) {
    case 0:
    case 1:
      return pair_.flock(fd(), lock_kind());
    case 2:
      return pair_.funlock(fd());
    default:
      return pair_.record_lock(fd(), record());
  }
}

bool Generator::call_of_other() {
  if (pair_.other_descriptors() == 0 || one_in(4))
    return pair_.other_open('/' + component(), one_in(2) ? os::Open::read : os::Open::read_write);
  switch (below(6)) {
    case 0:
      return pair_.other_close(other_fd());
    case 1:
    case 2:
      return pair_.other_flock(other_fd(), lock_kind());
    case 3:
      return pair_.other_funlock(other_fd());
    default:
      return pair_.other_record_lock(other_fd(), record());
  }
}

}  // namespace unswept::conformance
