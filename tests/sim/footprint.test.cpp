// Which steps depend on each other: too few is wrong, too many makes the search larger.
#include "tests/catch.h"
#include "tests/sim/test_world.h"

using namespace unswept;
using namespace unswept::sim;
using namespace unswept::sim::testing;
using os::LockKind;
using os::Open;
using os::RecordLock;
using os::Wait;

namespace {

using Body = std::function<void(os::System&)>;

/// A world with /d/f, /d/g, /e/f and the empty /x, and some descriptors opened at set-up.
struct TwoSteps : TestWorld {
  TwoSteps() {
    for (const char* path : {"/d", "/e", "/x"}) (void)os.mkdir(path);
    for (const char* path : {"/d/f", "/d/g", "/e/f"}) file(path, "abc");
    f = *os.open("/d/f", Open::read_write);
    f_again = *os.open("/d/f", Open::read_write);
    d = *os.open("/d", Open::read | Open::directory);
    x = *os.open("/x", Open::read | Open::directory);
  }

  /// Whether the first steps of two actors depend on each other.
  bool dependent(Body one, Body other) {
    actor("one", [this, one] { one(os); });
    actor("other", [this, other] { other(os); });
    world.seal();
    bool answer = false;
    OrderChooser chooser({}, /*steps_max=*/0);
    chooser.on_pick = [&](const model::Situation& situation) {
      model::Footprint a;
      model::Footprint b;
      situation.predict(0, a);
      situation.predict(1, b);
      answer = model::dependent(a.accesses(), b.accesses());
    };
    world.run(chooser);
    return answer;
  }

  os::Fd f{}, f_again{}, d{}, x{};
};

bool depends(const std::function<Body(TwoSteps&)>& one,
             const std::function<Body(TwoSteps&)>& other) {
  TwoSteps test;
  return test.dependent(one(test), other(test));
}

std::function<Body(TwoSteps&)> step(Body body) {
  return [body](TwoSteps&) { return body; };
}

Body moving(const char* from, const char* to) {
  return [=](os::System& os) { (void)os.rename(from, to); };
}
Body touching(const char* path) {
  return [=](os::System& os) { (void)os.touch(path); };
}
Body looking_at(const char* path) {
  return [=](os::System& os) { (void)os.stat(path); };
}
Body making(const char* path) {
  return [=](os::System& os) { (void)os.mkdir(path); };
}
Body removing(const char* path) {
  return [=](os::System& os) { (void)os.rmdir(path); };
}

std::function<Body(TwoSteps&)> list_d() {
  return [](TwoSteps& test) -> Body {
    return [fd = test.d](os::System& os) {
      std::vector<os::DirEntry> entries;
      (void)os.read_directory(fd, entries);
    };
  };
}

}  // namespace

TEST_CASE("footprint: what is made is seen by whoever looks for it", "[sim][footprint]") {
  CHECK(depends(step(making("/new")), step(looking_at("/new"))));
  CHECK(depends(step(making("/new")), step(looking_at("/new/below"))));
  CHECK(depends(step(making("/new")), step(making("/new"))));
  CHECK(depends(step(moving("/d", "/moved")), step(looking_at("/d/f"))));
  CHECK(depends(step(moving("/d/f", "/e/f")), step(touching("/e/f"))));
}

TEST_CASE("footprint: names that have nothing to do with each other are independent",
          "[sim][footprint]") {
  CHECK_FALSE(depends(step(making("/new")), step(making("/newer"))));
  CHECK_FALSE(depends(step(moving("/d/f", "/d/h")), step(touching("/d/g"))));
  CHECK_FALSE(depends(step(moving("/d/f", "/e/h")), step(moving("/d/g", "/e/k"))));
  CHECK_FALSE(depends(step(touching("/d/f")), step(touching("/d/g"))));
  CHECK_FALSE(depends(step(looking_at("/d/f")), step(looking_at("/d/f"))));
}

TEST_CASE("footprint: a listing depends on names, not on content or times", "[sim][footprint]") {
  CHECK(depends(list_d(), step(making("/d/new"))));
  CHECK(depends(list_d(), step(moving("/d/f", "/f"))));
  CHECK_FALSE(depends(list_d(), step(touching("/d/f"))));
  CHECK_FALSE(depends(list_d(), step(moving("/e/f", "/d/f"))));
  CHECK_FALSE(depends(list_d(), step(moving("/d", "/moved"))));
}

TEST_CASE("footprint: a listing with an interest depends on names of that kind only",
          "[sim][footprint]") {
  const auto list_for = [](bool directories, bool indexes) {
    return [=](TwoSteps& test) -> Body {
      return [=, fd = test.d](os::System& os) {
        static constexpr std::string_view kIndexes[] = {"fidx"};
        std::vector<os::DirEntry> entries;
        std::span<const std::string_view> extensions;
        if (indexes) extensions = kIndexes;
        (void)os.read_directory_for({.directories = directories, .extensions = extensions}, fd,
                                    entries);
      };
    };
  };
  CHECK(depends(list_for(true, false), step(making("/d/new"))));
  CHECK(depends(list_for(true, false), step(moving("/x", "/d/x.fidx"))));
  CHECK_FALSE(depends(list_for(true, false), step(moving("/d/f", "/d/f.fidx"))));
  CHECK(depends(list_for(false, true), step(moving("/d/f", "/d/f.fidx"))));
  CHECK_FALSE(depends(list_for(false, true), step(moving("/d/f", "/d/f.tmp"))));
  CHECK_FALSE(depends(list_for(false, true), step(making("/d/new"))));
}

TEST_CASE("footprint: a listing with an interest in names depends on these only",
          "[sim][footprint]") {
  const auto list_new = [](TwoSteps& test) -> Body {
    return [fd = test.d](os::System& os) {
      static constexpr std::string_view kNames[] = {"new", "newer"};
      std::vector<os::DirEntry> entries;
      (void)os.read_directory_for({.directories = true, .extensions = {}, .names = kNames}, fd,
                                  entries);
    };
  };
  CHECK(depends(list_new, step(making("/d/new"))));
  CHECK(depends(list_new, step(making("/d/newer"))));
  CHECK(depends(list_new, step(moving("/x", "/d/new"))));
  CHECK_FALSE(depends(list_new, step(making("/d/other"))));
  CHECK_FALSE(depends(list_new, step(moving("/d/f", "/f"))));
}

TEST_CASE("footprint: removing a directory depends on what is put into it", "[sim][footprint]") {
  CHECK(depends(step(removing("/x")), step(making("/x/new"))));
  const auto mkdir_in_x = [](TwoSteps& test) -> Body {
    return [fd = test.x](os::System& os) { (void)os.mkdir({fd, "new"}); };
  };
  CHECK(depends(step(removing("/x")), mkdir_in_x));
  CHECK(depends(step(moving("/d", "/x")), mkdir_in_x));
}

TEST_CASE("footprint: two directories cannot be moved into each other", "[sim][footprint]") {
  CHECK(depends(step(moving("/d", "/e/d")), step(moving("/e", "/d/e"))));
}

TEST_CASE("footprint: the parent of a moved directory depends on the move", "[sim][footprint]") {
  const auto parent_of_x = [](TwoSteps& test) -> Body {
    return [fd = test.x](os::System& os) { (void)os.stat({fd, ".."}); };
  };
  CHECK(depends(step(moving("/x", "/d/x")), parent_of_x));
  CHECK_FALSE(depends(step(moving("/x", "/y")), parent_of_x));
}

TEST_CASE("footprint: a touch depends on the clock", "[sim][footprint]") {
  const Body sleep = [](os::System& os) { os.sleep(std::chrono::seconds(1)); };
  CHECK(depends(step(touching("/d/f")), step(sleep)));
  CHECK(depends(step(making("/new")), step(sleep)));
  CHECK_FALSE(depends(step(moving("/d/f", "/d/h")), step(sleep)));
}

TEST_CASE("footprint: closing any descriptor of a file may cost the process its record lock",
          "[sim][footprint]") {
  const auto lock = [](TwoSteps& test) -> Body {
    return [fd = test.f](os::System& os) { (void)os.record_lock(fd, RecordLock::write); };
  };
  const auto close_again = [](TwoSteps& test) -> Body {
    return [fd = test.f_again](os::System& os) { os.close(fd); };
  };
  CHECK(depends(lock, close_again));
}

TEST_CASE(
    "footprint: two attempts at one lock depend on each other, shared ones too if they "
    "change it",
    "[sim][footprint]") {
  const auto try_lock = [](LockKind kind) {
    return [kind](TwoSteps& test) -> Body {
      return [kind, fd = test.f](os::System& os) { (void)os.flock(fd, kind, Wait::none()); };
    };
  };
  const auto wait_shared = [](bool again) {
    return [again](TwoSteps& test) -> Body {
      return [fd = again ? test.f_again : test.f](os::System& os) {
        (void)os.flock(fd, LockKind::shared, Wait::forever());
      };
    };
  };
  CHECK(depends(try_lock(LockKind::exclusive), try_lock(LockKind::exclusive)));
  CHECK_FALSE(depends(wait_shared(false), wait_shared(true)));
  CHECK(depends(wait_shared(true), try_lock(LockKind::exclusive)));
}

TEST_CASE("footprint: a descriptor that two actors use is shared", "[sim][footprint]") {
  const auto read = [](TwoSteps& test) -> Body {
    return [fd = test.f](os::System& os) {
      std::byte bytes[1];
      (void)os.read(fd, bytes);
    };
  };
  const auto pread = [](TwoSteps& test) -> Body {
    return [fd = test.f](os::System& os) {
      std::byte bytes[1];
      (void)os.pread(fd, bytes, 0);
    };
  };
  const auto write = [](TwoSteps& test) -> Body {
    return [fd = test.f_again](os::System& os) { (void)os.write(fd, bytes_of("x")); };
  };
  CHECK(depends(read, read));
  CHECK_FALSE(depends(pread, pread));
  CHECK(depends(pread, write));
}
