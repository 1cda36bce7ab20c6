// Content, metadata and descriptors.
#include "tests/catch.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim::testing;
using os::Errno;
using os::Open;

TEST_CASE("vfs: appending writes at the end, wherever the position is", "[sim][vfs]") {
  TestWorld test;
  test.file("/f", "abc");
  const auto fd = test.os.open("/f", Open::write | Open::append);
  CHECK(test.os.seek(*fd, 0));
  CHECK(test.os.write(*fd, bytes_of("d")) == 1);
  CHECK(test.os.pwrite(*fd, bytes_of("e"), 0) == 1);
  CHECK(test.content("/f") == "abcde");
}

TEST_CASE("vfs: a write beyond the end leaves zero bytes before it", "[sim][vfs]") {
  TestWorld test;
  test.file("/f", "a");
  const auto fd = test.os.open("/f", Open::write);
  CHECK(test.os.pwrite(*fd, bytes_of("b"), 3) == 1);
  CHECK(test.content("/f") == std::string("a\0\0b", 4));
  CHECK(test.os.truncate(*fd, 1));
  CHECK(test.os.truncate(*fd, 2));
  CHECK(test.content("/f") == std::string("a\0", 2));
}

TEST_CASE("vfs: a mapping shows the file as it was", "[sim][vfs]") {
  TestWorld test;
  test.file("/f", "before");
  auto fd = test.os.open("/f", Open::read_write);
  const auto mapping = test.os.map(*fd);
  CHECK(test.os.write(*fd, bytes_of("after!")) == 6);
  test.os.close(*fd);
  CHECK(test.os.unlink("/f"));
  CHECK(mapping->bytes()[0] == std::byte{'b'});
  CHECK(mapping->bytes().size() == 6);
}

TEST_CASE("vfs: a descriptor permits what it was opened for", "[sim][vfs]") {
  TestWorld test;
  test.file("/f", "abc");
  const auto reader = test.os.open("/f", Open::read);
  const auto writer = test.os.open("/f", Open::write);
  std::byte bytes[4];
  CHECK(error(test.os.write(*reader, bytes)) == Errno::bad_file_descriptor);
  CHECK(error(test.os.read(*writer, bytes)) == Errno::bad_file_descriptor);
  CHECK(error(test.os.truncate(*reader, 0)) == Errno::invalid_argument);
}

TEST_CASE("vfs: descriptors belong to the process that opened them", "[sim][vfs]") {
  TestWorld test;
  const auto other = test.world.add_process("other");
  test.file("/f");
  const auto fd = test.os.open("/f", Open::read);
  CHECK(test.os.fstat(*fd));
  CHECK(error(test.world.system(other).fstat(*fd)) == Errno::bad_file_descriptor);
}

TEST_CASE("vfs: O_CREAT with O_EXCL refuses what exists, dangling symlinks included",
          "[sim][vfs]") {
  TestWorld test;
  test.file("/f");
  test.world.symlink("/nowhere", "/link");
  const auto flags = Open::write | Open::create | Open::exclusive;
  CHECK(error(test.os.open("/f", flags)) == Errno::file_exists);
  CHECK(error(test.os.open("/link", flags)) == Errno::file_exists);
  CHECK(test.os.open("/link", Open::write | Open::create));
  CHECK(test.exists("/nowhere"));
}

TEST_CASE("vfs: touch sets the access time to now, below tracked directories only", "[sim][vfs]") {
  sim::World world;
  const auto process = world.add_process("p");
  os::System& system = world.system(process);
  (void)system.mkdir("/tracked");
  (void)system.mkdir("/elsewhere");
  world.track_times("/tracked");
  world.set_clock({.seconds = 100});
  for (const char* path : {"/tracked/f", "/elsewhere/f"})
    system.close(*system.open(path, Open::write | Open::create));
  world.set_clock({.seconds = 200});
  for (const char* path : {"/tracked/f", "/elsewhere/f"}) CHECK(system.touch(path));
  CHECK(system.stat("/tracked/f")->atime.seconds == 200);
  CHECK(system.stat("/elsewhere/f")->atime.seconds == 100);
}

TEST_CASE("vfs: chmod changes the mode that stat tells", "[sim][vfs]") {
  TestWorld test;
  const auto fd = test.os.open("/f", Open::write | Open::create, 0600);
  CHECK(test.os.fstat(*fd)->mode == 0600);
  CHECK(test.os.chmod(*fd, 0644));
  CHECK(test.os.stat("/f")->mode == 0644);
}

TEST_CASE("vfs: inode and descriptor numbers of one actor do not depend on another", "[sim][vfs]") {
  TestWorld test;
  std::uint64_t inodes[2] = {};
  os::Fd fds[2] = {};
  for (int i = 0; i < 2; ++i)
    test.actor("maker", [&, i] {
      const std::string path = "/f" + std::to_string(i);
      const auto fd = test.os.open(path, Open::write | Open::create);
      inodes[i] = test.os.fstat(*fd)->inode;
      fds[i] = *fd;
    });
  test.world.seal();
  test.run({0, 0, 1, 1});
  const auto end = test.world.final_fingerprint();
  const std::pair first(inodes[0], fds[0]);
  test.run({1, 1, 0, 0});
  CHECK(first == std::pair(inodes[0], fds[0]));
  CHECK(test.world.final_fingerprint() == end);
}
