// Names: lookup, making, removing, renaming.  Which errors Linux gives is compared with Linux in
// tests/conformance; here are the rules that the engine builds on.
#include "tests/catch.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim::testing;
using os::Errno;
using os::Open;

namespace {
using Names = std::vector<std::string>;
}

TEST_CASE("vfs: a file is found by its path until it is unlinked", "[sim][vfs]") {
  TestWorld test;
  test.file("/f", "content");
  CHECK(test.content("/f") == "content");
  CHECK(test.os.stat("/f")->size == 7);
  CHECK(test.os.unlink("/f"));
  CHECK(error(test.os.stat("/f")) == Errno::no_such_file_or_directory);
  CHECK(error(test.os.unlink("/f")) == Errno::no_such_file_or_directory);
}

TEST_CASE("vfs: an unlinked file lives on while it is open", "[sim][vfs]") {
  TestWorld test;
  test.file("/f", "abc");
  const auto fd = test.os.open("/f", Open::read);
  CHECK(test.os.unlink("/f"));
  std::byte bytes[8];
  CHECK(test.os.read(*fd, bytes) == 3);
  CHECK(test.os.fstat(*fd)->size == 3);
  test.os.close(*fd);
  CHECK(error(test.os.fstat(*fd)) == Errno::bad_file_descriptor);
}

TEST_CASE("vfs: rename over a file replaces it; its open descriptors keep the old content",
          "[sim][vfs]") {
  TestWorld test;
  test.file("/old", "old");
  test.file("/new", "new");
  const auto fd = test.os.open("/old", Open::read);
  CHECK(test.os.rename("/new", "/old"));
  CHECK(test.content("/old") == "new");
  CHECK_FALSE(test.exists("/new"));
  std::byte bytes[8];
  CHECK(test.os.read(*fd, bytes) == 3);
  CHECK(bytes[0] == std::byte{'o'});
}

TEST_CASE("vfs: rename moves a directory with everything below it", "[sim][vfs]") {
  TestWorld test;
  (void)test.os.mkdir("/a");
  (void)test.os.mkdir("/a/b");
  (void)test.os.mkdir("/c");
  test.file("/a/b/f", "x");
  CHECK(test.os.rename("/a/b", "/c/d"));
  CHECK(test.content("/c/d/f") == "x");
  CHECK_FALSE(test.exists("/a/b"));
  CHECK(test.os.stat("/c/d/../d/f"));
}

TEST_CASE("vfs: rename over a non-empty directory fails with ENOTEMPTY", "[sim][vfs]") {
  TestWorld test;
  for (const char* path : {"/a", "/b", "/b/full", "/empty"}) (void)test.os.mkdir(path);
  CHECK(error(test.os.rename("/a", "/b")) == Errno::directory_not_empty);
  CHECK(test.os.rename("/a", "/empty"));
  CHECK_FALSE(test.exists("/a"));
}

TEST_CASE("vfs: a directory cannot be moved into itself, nor a parent be replaced", "[sim][vfs]") {
  TestWorld test;
  for (const char* path : {"/a", "/a/b", "/a/b/c"}) (void)test.os.mkdir(path);
  CHECK(error(test.os.rename("/a", "/a/b/d")) == Errno::invalid_argument);
  CHECK(error(test.os.rename("/a", "/a/x")) == Errno::invalid_argument);
  CHECK(error(test.os.rename("/a/b/c", "/a")) == Errno::directory_not_empty);
}

TEST_CASE("vfs: files and directories do not replace each other", "[sim][vfs]") {
  TestWorld test;
  (void)test.os.mkdir("/d");
  test.file("/f");
  CHECK(error(test.os.rename("/f", "/d")) == Errno::is_a_directory);
  CHECK(error(test.os.rename("/d", "/f")) == Errno::not_a_directory);
}

TEST_CASE("vfs: rename_no_replace refuses an existing target", "[sim][vfs]") {
  TestWorld test;
  test.file("/a", "a");
  test.file("/b", "b");
  CHECK(error(test.os.rename_no_replace("/a", "/b")) == Errno::file_exists);
  CHECK(test.os.rename_no_replace("/a", "/c"));
  CHECK(test.content("/c") == "a");
}

TEST_CASE("vfs: rmdir wants an empty directory; an open one then has no entries and takes none",
          "[sim][vfs]") {
  TestWorld test;
  (void)test.os.mkdir("/d");
  test.file("/d/f");
  CHECK(error(test.os.rmdir("/d")) == Errno::directory_not_empty);
  (void)test.os.unlink("/d/f");
  const auto fd = test.os.open("/d", Open::read | Open::directory);
  CHECK(test.os.rmdir("/d"));
  CHECK(read_names(test.os, *fd).empty());
  CHECK(error(test.os.mkdir({*fd, "x"})) == Errno::no_such_file_or_directory);
}

TEST_CASE("vfs: a descriptor of a directory that moves keeps leading to it", "[sim][vfs]") {
  TestWorld test;
  (void)test.os.mkdir("/a");
  const auto fd = test.os.open("/a", Open::read | Open::directory);
  CHECK(test.os.rename("/a", "/b"));
  const auto file = test.os.open({*fd, "f"}, Open::write | Open::create);
  CHECK(file);
  CHECK(test.exists("/b/f"));
}

TEST_CASE("vfs: symlinks are followed on the way, and at the end unless told not to",
          "[sim][vfs]") {
  TestWorld test;
  (void)test.os.mkdir("/d");
  test.file("/d/f", "x");
  test.world.symlink("d", "/link");
  test.world.symlink("/nowhere", "/dangling");
  test.world.symlink("loop", "/loop");
  CHECK(test.os.stat("/link/f")->size == 1);
  CHECK(test.os.stat("/link", os::Follow::no)->type == os::FileType::symlink);
  CHECK(test.os.stat("/link")->type == os::FileType::directory);
  CHECK(error(test.os.stat("/dangling")) == Errno::no_such_file_or_directory);
  CHECK(error(test.os.stat("/loop")) == Errno::too_many_symbolic_link_levels);
  CHECK(error(test.os.open("/link", Open::read | Open::no_follow)) ==
        Errno::too_many_symbolic_link_levels);
}

TEST_CASE("vfs: names may have 255 bytes and paths 4095", "[sim][vfs]") {
  TestWorld test;
  CHECK(test.os.mkdir("/" + std::string(255, 'x')));
  CHECK(error(test.os.mkdir("/" + std::string(256, 'x'))) == Errno::filename_too_long);
  CHECK(error(test.os.stat("/" + std::string(4095, '/'))) == Errno::filename_too_long);
  CHECK(test.os.stat(std::string(4095, '/')));
  CHECK(error(test.os.stat("")) == Errno::no_such_file_or_directory);
}
