// What a world offers around its calls: reset, monitors, views, descriptions.
#include <algorithm>

#include "sim/shared.h"
#include "tests/catch.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim;
using namespace unswept::sim::testing;
using os::Open;

namespace {

/// Writes down what it hears.
class Listener final : public Monitor {
 public:
  void extend(const CallInfo& call, model::Footprint& footprint) override {
    if (call.op == Op::unlink && call.ok())
      footprint.add(ghost_object(call.from.inode), model::Mode::read);
  }
  void after(const CallInfo& call) override {
    lines.push_back(std::string(to_string(call.op)) + " " + std::string(call.from.name) +
                    (call.to.name.empty() ? "" : " -> " + std::string(call.to.name)) +
                    (call.ok() ? "" : " failed"));
    for (const os::DirEntry& entry : call.entries) lines.push_back("entry " + entry.name);
  }
  void point(ActorId actor, const os::Point& point, std::string_view detail) override {
    lines.push_back("point " + std::to_string(actor) + " " + std::string(point.name) + "(" +
                    std::string(detail) + ")");
  }
  void ended(ActorId actor) override { lines.push_back("ended " + std::to_string(actor)); }
  void on_reset() override { lines.clear(); }

  std::vector<std::string> lines;
};

}  // namespace

TEST_CASE("world: a reset takes everything back", "[sim][world]") {
  TestWorld test;
  (void)test.os.mkdir("/d");
  test.file("/d/f", "before");
  const auto fd = *test.os.open("/d/f", Open::read_write);
  const auto mutex = test.os.make_mutex("m");
  Shared<int> x(test.world, 1);
  test.world.set_clock({.seconds = 50});
  test.actor("changer", [&] {
    (void)test.os.write(fd, bytes_of("after"));
    (void)test.os.flock(fd, os::LockKind::exclusive, os::Wait::none());
    (void)test.os.record_lock(fd, os::RecordLock::write);
    (void)test.os.rename("/d/f", "/f");
    (void)test.os.touch("/f");
    (void)test.os.chmod(fd, 0600);
    (void)test.os.rmdir("/d");
    (void)test.os.mkdir("/e");
    (void)test.os.rename("/e", "/d");
    (void)test.os.open("/d/new", Open::write | Open::create);
    test.os.close(fd);
    test.os.sleep(std::chrono::seconds(1));
    mutex->lock();
    x.write(2);
  });
  test.world.seal();
  const auto initial = test.world.final_fingerprint();
  test.run();
  const auto end = test.world.final_fingerprint();
  CHECK(end != initial);
  CHECK(test.world.open_resources().size() == 2);
  test.world.reset();
  CHECK(test.world.final_fingerprint() == initial);
  CHECK(test.content("/d/f") == "before");
  CHECK(test.world.clock().seconds == 50);
  CHECK(x.peek() == 1);
  CHECK(test.world.open_resources() == std::vector<std::string>{"open: /d/f"});
  test.run();
  CHECK(test.world.final_fingerprint() == end);
}

TEST_CASE("world: each single change changes the fingerprint", "[sim][world]") {
  TestWorld test;
  (void)test.os.mkdir("/d");
  test.file("/d/f", "before");
  const auto fd = *test.os.open("/d/f", Open::read_write);
  const std::vector<std::function<void()>> changes = {
      [&] { (void)test.os.write(fd, bytes_of("x")); },
      [&] { (void)test.os.seek(fd, 1); },
      [&] { (void)test.os.flock(fd, os::LockKind::shared, os::Wait::none()); },
      [&] { (void)test.os.record_lock(fd, os::RecordLock::read); },
      [&] { (void)test.os.chmod(fd, 0600); },
      [&] { (void)test.os.rename("/d/f", "/d/g"); },
      [&] { (void)test.os.unlink("/d/f"); },
      [&] { (void)test.os.mkdir("/e"); },
      [&] { test.os.close(fd); },
      [&] { test.os.sleep(std::chrono::seconds(1)); },
  };
  std::size_t next = 0;
  test.actor("changer", [&] { changes[next](); });
  test.world.seal();
  std::vector<model::Fingerprint> seen = {test.world.final_fingerprint()};
  for (next = 0; next < changes.size(); ++next) {
    test.run();
    seen.push_back(test.world.final_fingerprint());
  }
  std::sort(seen.begin(), seen.end());
  CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
}

TEST_CASE("world: a monitor hears of calls with what they resolved to, points and ends",
          "[sim][world]") {
  TestWorld test;
  Listener listener;
  test.world.set_monitor(&listener);
  test.file("/a");
  const InodeNumber inode = *test.world.view().lookup("/a");
  test.actor("actor", [&] {
    test.os.point({"began"}, "here");
    (void)test.os.rename("/a", "/b");
    (void)test.os.unlink("/a");
    (void)list(test.os, "/");
    (void)test.os.unlink("/b");
  });
  test.world.seal();
  OrderChooser chooser({});
  test.world.run(chooser);
  CHECK(listener.lines == std::vector<std::string>{"point 0 began(here)", "rename a -> b",
                                                   "unlink a failed", "open ", "read-directory ",
                                                   "entry b", "read-directory ", "close ",
                                                   "unlink b", "ended 0"});
  const auto ghosts = [&](std::size_t step) {
    const auto& footprint = chooser.steps[step].footprint;
    return std::count_if(footprint.begin(), footprint.end(), [&](const model::Access& access) {
      return access.object == ghost_object(inode);
    });
  };
  CHECK(ghosts(1) == 0);  // the failed unlink
  CHECK(ghosts(6) == 1);
}

TEST_CASE("world: a monitor is not asked about calls it does not care for", "[sim][world]") {
  struct Picky final : Monitor {
    OpSet extends() const override { return 0; }
    OpSet observes() const override { return set_of(Op::mkdir); }
    void extend(const CallInfo&, model::Footprint&) override { FAIL("nobody asked"); }
    void after(const CallInfo& call) override {
      CHECK(call.op == Op::mkdir);
      ++heard;
    }
    int heard = 0;
  } picky;
  TestWorld test;
  test.world.set_monitor(&picky);
  test.actor("actor", [&] {
    (void)test.os.mkdir("/d");
    (void)test.os.rmdir("/d");
  });
  test.world.seal();
  test.run();
  CHECK(picky.heard == 1);
}

TEST_CASE("world: a view notes what it looks at, and what it finds absent", "[sim][world]") {
  TestWorld test;
  (void)test.os.mkdir("/d");
  test.file("/d/f", "abc");
  model::Footprint footprint;
  const View view = test.world.view(&footprint);
  const auto inode = view.lookup("/d/f");
  REQUIRE(inode.has_value());
  CHECK(view.size(*inode) == 3);
  CHECK(footprint.accesses().size() == 3);  // two names and the data
  CHECK_FALSE(view.lookup("/d/absent").has_value());
  CHECK(footprint.accesses().size() == 5);
  std::vector<Child> children;
  view.children(*view.lookup("/d"), children);
  REQUIRE(children.size() == 1);
  CHECK(children[0].name == "f");
  CHECK(children[0].inode == *inode);
}

TEST_CASE("world: steps are described in words when asked for", "[sim][world]") {
  TestWorld test;
  test.actor("actor", [&] {
    (void)test.os.mkdir("/d");
    const auto fd = test.os.open("/d", Open::read | Open::directory);
    (void)test.os.rename({*fd, "x"}, "/y");
    test.os.close(*fd);
  });
  test.world.record_descriptions(true);
  test.world.seal();
  test.run();
  CHECK(test.world.description(0) == "mkdir /d");
  CHECK(test.world.description(2) == "rename /d/x -> /y = ENOENT");
  CHECK(test.world.description(3) == "close /d");
  CHECK(test.world.op_name(code(Op::rename)) == "rename");
}

TEST_CASE("world: two actors' random numbers do not depend on each other", "[sim][world]") {
  TestWorld test;
  std::uint64_t numbers[2] = {};
  for (int i = 0; i < 2; ++i)
    test.actor("actor", [&, i] {
      (void)test.os.now();
      test.os.random(std::as_writable_bytes(std::span(&numbers[i], 1)));
      (void)test.os.now();
    });
  test.world.seal();
  test.run({0, 0, 1, 1});
  const std::pair first(numbers[0], numbers[1]);
  test.run({1, 1, 0, 0});
  CHECK(first == std::pair(numbers[0], numbers[1]));
  CHECK(numbers[0] != numbers[1]);
}

TEST_CASE("world: a fetch_add of a small type wraps around within it", "[sim][shared]") {
  TestWorld test;
  Shared<std::uint8_t> x(test.world, 255);
  bool exchanged = false;
  test.actor("adder", [&] {
    CHECK(x.fetch_add(1) == 255);
    std::uint8_t expected = 0;
    exchanged = x.compare_exchange(expected, 7);
  });
  test.world.seal();
  test.run();
  CHECK(exchanged);
  CHECK(x.peek() == 7);
}
