// What a collection does when a system call fails: skip, or end with nothing swept.
#include <utility>

#include "engine/ops/garbage_collection.h"
#include "tests/catch.h"
#include "tests/engine/recording_system.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;

constexpr GcOptions kQuick{.atime_safety_check = false};
const std::string kSnapshot = "vm/100/2026-01-01T00:00:00Z";
const std::string kZeroChunk =
    "store/.chunks/bb9f/bb9f8df61474d25e71fa00722318cd387396ca1736605e1248821cc0de3d3af8";

/// A store with one snapshot, one old orphan, and a system whose calls can be made to fail.
struct Failing : TestStore {
  RecordingSystem recording{system, root()};
  Process own_process{recording};
  Datastore recorded{recording, own_process, config(), protocol_v8()};

  Failing() {
    add_snapshot("", kSnapshot, {"one"});
    add_chunk("orphan");
  }
  void fail_at(std::string call, os::Errno code) {
    recording.fault = [call, code](const std::string& made) {
      return made == call ? code : os::Errno{};
    };
  }
  Result<GcResult> collect(const GcOptions& options = kQuick) {
    return collect_garbage(recorded, options);
  }
  /// Ended by `code`, with everything still there.
  bool ends_with(os::Errno code) {
    const auto result = collect();
    return !result && result.error().code == code && has_chunk("orphan");
  }
};

TEST_CASE("gc: lost+found may be closed to us, other directories may not", "[gc]") {
  Failing t;
  for (const char* name : {"lost+found", "closed"})
    fs::create_directories(t.store.base() + '/' + name);
  t.fail_at("open store/lost+found", os::Errno::permission_denied);
  CHECK(t.collect());
  t.add_chunk("orphan");
  t.fail_at("open store/closed", os::Errno::permission_denied);
  CHECK(t.ends_with(os::Errno::permission_denied));
}

TEST_CASE("gc: an unreadable directory ends the walk", "[gc]") {
  Failing t;
  t.fail_at("list store/vm/100", os::Errno::io_error);
  CHECK(t.ends_with(os::Errno::io_error));
}

TEST_CASE("gc: a snapshot that vanishes while its group is being listed ends the collection",
          "[gc]") {
  Failing t;
  std::size_t opened = 0;
  t.recording.fault = [&](const std::string& call) {
    // The walk opens it first, the listing second.
    if (call == "open store/" + kSnapshot && ++opened == 2)
      fs::remove_all(t.store.path(ns(""), snapshot(kSnapshot)));
    return os::Errno{};
  };
  CHECK(t.ends_with(os::Errno::no_such_file_or_directory));
}

TEST_CASE("gc: a namespace that vanishes before it is opened ends the collection", "[gc]") {
  Failing t;
  t.add_namespace("a");
  t.recording.at_point = [&](const std::string& point) {
    if (point == "gc.mark.namespace(a)") fs::remove_all(t.store.path(ns("a")));
  };
  CHECK(t.ends_with(os::Errno::no_such_file_or_directory));
}

TEST_CASE("gc: a type directory that vanishes before it is opened ends the collection", "[gc]") {
  Failing t;
  t.fail_at("open store/vm", os::Errno::no_such_file_or_directory);
  CHECK(t.ends_with(os::Errno::no_such_file_or_directory));
}

TEST_CASE("gc: a touch that fails ends the collection", "[gc]") {
  Failing t;
  t.fail_at("touch " + t.store.chunks().path(digest_of("one")).substr(t.root().size() + 1),
            os::Errno::read_only_file_system);
  CHECK(t.ends_with(os::Errno::read_only_file_system));
}

TEST_CASE("gc: a journal that stays locked ends the collection", "[gc]") {
  Failing t;
  t.recording.fault = [](const std::string& call) {
    return call.starts_with("lock locks/test/move-journal") ? os::Errno::timed_out : os::Errno{};
  };
  CHECK(t.ends_with(os::Errno::timed_out));
}

TEST_CASE("gc: a chunk that cannot be looked at is passed over, one that cannot go ends the sweep",
          "[gc]") {
  Failing t;
  const std::string orphan = t.store.chunks().path(digest_of("orphan")).substr(t.root().size() + 1);
  t.fail_at("stat " + orphan, os::Errno::io_error);
  CHECK(t.collect());
  CHECK(t.has_chunk("orphan"));
  t.fail_at("unlink " + orphan, os::Errno::io_error);
  CHECK(t.ends_with(os::Errno::io_error));
  CHECK(t.collect(kQuick).error().message.find("remove chunk") != std::string::npos);
}

TEST_CASE("gc: a status that cannot be written is no failure", "[gc]") {
  Failing t;
  t.fail_at("create store/.gc-status.tmp_", os::Errno::no_space_on_device);
  CHECK(t.collect());
  CHECK_FALSE(t.has_chunk("orphan"));
  CHECK_FALSE(fs::exists(t.store.base() + "/.gc-status"));
}

TEST_CASE("gc: it ends with the process lock given back, well or badly", "[gc]") {
  Failing t;
  t.fail_at("list store/vm", os::Errno::io_error);
  CHECK_FALSE(t.collect());
  t.recording.fault = nullptr;
  CHECK(t.collect());
  CHECK(t.recording.calls_with("record-lock") ==
        std::vector<std::string>{"record-lock write store/.lock", "record-lock unlock store/.lock",
                                 "record-lock write store/.lock",
                                 "record-lock unlock store/.lock"});
}

// --- the access-time check ---------------------------------------------------------------------

/// Calls `meddle` each time the check looks at the test chunk after touching it.
template <class Meddle>
void after_touch(Failing& t, Meddle meddle) {
  t.recording.fault = [&t, meddle, touched = false](const std::string& call) mutable {
    if (call == "touch " + kZeroChunk) touched = true;
    if (call == "stat " + kZeroChunk && std::exchange(touched, false))
      meddle(t.root() + '/' + kZeroChunk);
    return os::Errno{};
  };
}

TEST_CASE("gc: refuses a file system that does not keep access times", "[gc]") {
  Failing t;
  after_touch(t, [&](const std::string& path) { t.set_age(path, kHour); });
  const auto result = t.collect({});
  REQUIRE_FALSE(result);
  CHECK(result.error().kind == ErrorKind::refused);
  CHECK(t.has_chunk("orphan"));
}

TEST_CASE("gc: the check is made again when its chunk was replaced, but once only", "[gc]") {
  const auto replace = [](const std::string& path) {
    fs::copy_file(path, path + ".copy");
    fs::rename(path + ".copy", path);
  };
  Failing once;
  after_touch(once, [&, done = false](const std::string& path) mutable {
    if (!std::exchange(done, true)) replace(path);
  });
  CHECK(once.collect({}));

  Failing always;
  after_touch(always, replace);
  CHECK_FALSE(always.collect({}));
  CHECK(always.has_chunk("orphan"));
}

}  // namespace
}  // namespace unswept::test
