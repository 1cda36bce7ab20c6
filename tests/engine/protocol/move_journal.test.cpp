#include "engine/protocol/move_journal.h"

#include "engine/ops/garbage_collection.h"
#include "engine/store/lock_file.h"
#include "tests/catch.h"
#include "tests/engine/recording_system.h"
#include "tests/engine/test_store.h"

namespace unswept::test {
namespace {

using namespace engine;
using Paths = std::vector<std::string>;

struct Journal {
  TemporaryDirectory directory;
  os::PosixSystem posix;
  RecordingSystem system{posix, directory.path()};
  std::string path = directory / "locks/store/move-journal";
  MoveJournal journal{system, path};

  Result<Paths> drain() {
    Paths records;
    auto drained = journal.drain([&](std::string_view record) -> Result<> {
      records.emplace_back(record);
      return {};
    });
    if (!drained) return forward_error(drained);
    return records;
  }
};

TEST_CASE("journal: what was appended is drained once, in order", "[journal]") {
  Journal t;
  REQUIRE(t.journal.append(Paths{"/s/a.fidx", "/s/b.didx"}));
  REQUIRE(t.journal.append(Paths{"/s/c.fidx"}));
  CHECK(TestStore::read(t.path) == "\n/s/a.fidx\n/s/b.didx\n\n/s/c.fidx\n");
  CHECK(*t.drain() == Paths{"/s/a.fidx", "/s/b.didx", "/s/c.fidx"});
  CHECK(TestStore::read(t.path).empty());
  CHECK(t.drain()->empty());
}

TEST_CASE("journal: an append is one lock, one write, and no second look", "[journal]") {
  Journal t;
  REQUIRE(t.drain());
  t.system.calls.clear();
  REQUIRE(t.journal.append(Paths{"/s/a.fidx", "/s/b.didx"}));
  const std::string name = "locks/store/move-journal";
  CHECK(t.system.calls == std::vector<std::string>{"mkdir locks/store", "open " + name,
                                                   "lock " + name, "write " + name});
}

TEST_CASE("journal: an empty list does nothing at all", "[journal]") {
  Journal t;
  REQUIRE(t.journal.append({}));
  CHECK(t.system.calls.empty());
}

TEST_CASE("journal: one bad path and nothing is written", "[journal]") {
  Journal t;
  for (const char* bad : {"relative.fidx", "/new\nline.fidx", "/not-\xff-utf8.fidx"}) {
    CHECK_FALSE(t.journal.append(Paths{"/s/good.fidx", bad}));
    CHECK(t.system.calls.empty());
  }
}

TEST_CASE("journal: a failed drain keeps all records", "[journal]") {
  Journal t;
  REQUIRE(t.journal.append(Paths{"/s/a.fidx", "/s/b.didx"}));
  int seen = 0;
  const auto drained = t.journal.drain([&](std::string_view) -> Result<> {
    if (++seen == 2) return fail(ErrorKind::io, "no");
    return {};
  });
  REQUIRE_FALSE(drained);
  CHECK(t.drain()->size() == 2);
}

TEST_CASE("journal: white space and blank lines do not matter, other bytes do", "[journal]") {
  Journal t;
  REQUIRE(t.drain());
  TestStore::write(t.path, "\n  /s/a.fidx \t\n\n/s/b.didx");
  CHECK(*t.drain() == Paths{"/s/a.fidx", "/s/b.didx"});
  TestStore::write(t.path, "/s/\xff.fidx\n");
  CHECK_FALSE(t.drain());
  CHECK_FALSE(TestStore::read(t.path).empty());
}

TEST_CASE("journal: the record behind one that was cut off is found", "[journal]") {
  // Glued to the path before it, the second record would name a file that never was, and would
  // be dropped with it.
  for (const std::string torn : {"/s/ns/a/vm/1/2026-01-01T00:00:00Z/dri", "/", "/s/\xc3"}) {
    Journal t;
    REQUIRE(t.drain());
    TestStore::write(t.path, "/s/a.fidx\n" + torn);
    CHECK(*t.drain() == Paths{"/s/a.fidx"});

    TestStore::write(t.path, torn);
    REQUIRE(t.journal.append(Paths{"/s/b.fidx"}));
    CHECK(TestStore::read(t.path) == torn + "\n/s/b.fidx\n");
  }
}

TEST_CASE("journal: where the space ends in the middle of a record, its part is taken back",
          "[journal]") {
  Journal t;
  REQUIRE(t.journal.append(Paths{"/s/a.fidx"}));
  const std::string before = TestStore::read(t.path);
  t.system.short_writes = 5;
  int writes = 0;
  t.system.fault = [&](const std::string& call) {
    return call.starts_with("write ") && ++writes == 2 ? os::Errno::no_space_on_device
                                                       : os::Errno{};
  };
  const auto appended = t.journal.append(Paths{"/s/b.fidx"});
  REQUIRE_FALSE(appended);
  CHECK(appended.error().code == os::Errno::no_space_on_device);
  CHECK(writes == 2);
  CHECK(TestStore::read(t.path) == before);
}

TEST_CASE("journal: the lock is held while records are handed out", "[journal]") {
  Journal t;
  REQUIRE(t.journal.append(Paths{"/s/a.fidx"}));
  REQUIRE(t.journal.drain([&](std::string_view) -> Result<> {
    auto file = open_lock_file(t.system, t.path);
    CHECK_FALSE(t.posix.flock(file->fd(), os::LockKind::exclusive, os::Wait::none()));
    return {};
  }));
}

TEST_CASE("journal: a lock that is not to be had in time ends append and drain", "[journal]") {
  Journal t;
  t.system.fault = [](const std::string& call) {
    return call.starts_with("lock ") ? os::Errno::timed_out : os::Errno{};
  };
  CHECK(t.journal.append(Paths{"/s/a.fidx"}).error().kind == ErrorKind::lock_conflict);
  CHECK(t.drain().error().kind == ErrorKind::lock_conflict);
}

// --- what a collection makes of it -------------------------------------------------------------

constexpr GcOptions kQuick{.atime_safety_check = false};

void write_journal(const TestStore& t, std::string_view content) {
  fs::create_directories(fs::path(t.store.move_journal_path()).parent_path());
  TestStore::write(t.store.move_journal_path(), content);
}

TEST_CASE("v8: a record of a move that never happened goes away", "[journal][gc]") {
  TestStore t;
  write_journal(t, t.store.base() + "/vm/100/2026-01-01T00:00:00Z/drive.img.fidx\n");
  REQUIRE(collect_garbage(t.store, kQuick));
  CHECK(TestStore::read(t.store.move_journal_path()).empty());
}

TEST_CASE("v8: a bad record ends the collection and stays", "[journal][gc]") {
  for (const char* record : {"relative.fidx\n", "/absolute/but.blob\n"}) {
    TestStore t;
    t.add_chunk("orphan");
    write_journal(t, record);
    const auto result = collect_garbage(t.store, kQuick);
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::invalid);
    CHECK(t.has_chunk("orphan"));
    CHECK(TestStore::read(t.store.move_journal_path()) == record);
  }
}

TEST_CASE("none: the journal is neither read nor written", "[journal][gc]") {
  TestStore t(protocol_none());
  write_journal(t, "relative.fidx\n");
  CHECK(collect_garbage(t.store, kQuick));
  CHECK(TestStore::read(t.store.move_journal_path()) == "relative.fidx\n");
}

TEST_CASE("protocols: they are found by their names", "[protocol]") {
  for (std::string_view name : protocol_names()) {
    REQUIRE(find_protocol(name) != nullptr);
    CHECK(find_protocol(name)->name() == name);
  }
  CHECK(find_protocol("v9") == nullptr);
  CHECK(default_protocol().name() == "v8");
}

}  // namespace
}  // namespace unswept::test
