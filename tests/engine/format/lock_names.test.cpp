#include "engine/format/lock_names.h"

#include "tests/catch.h"

namespace unswept::engine {
namespace {

Namespace ns(std::string_view text) { return Namespace::parse(text).value(); }

/// "L" followed by 20 times "-long.id".
std::string long_id() {
  std::string id = "L";
  for (int i = 0; i < 20; ++i) id += "-long.id";
  return id;
}

TEST_CASE("lock names: the examples of the format", "[lock-names]") {
  const auto snapshot = SnapshotId::parse("vm/100/2023-11-14T22:13:20Z").value();
  CHECK(group_lock_path(ns(""), snapshot.group) == "vm-100");
  CHECK(group_lock_path(ns("a/b"), snapshot.group) == "a:b/vm-100");
  CHECK(snapshot_lock_path(ns(""), snapshot) == R"(vm-100-2023\x2d11\x2d14T22\x3a13\x3a20Z)");
  CHECK(manifest_lock_path(ns("a/b"), snapshot) ==
        R"(a:b/vm-100-2023\x2d11\x2d14T22\x3a13\x3a20Z-.index.json.lck)");
}

TEST_CASE("lock names: an escaped name of 255 bytes or more is hashed", "[lock-names]") {
  const GroupId group{BackupType::host, long_id()};
  const SnapshotId snapshot{group, SnapshotTime::parse("2023-11-14T22:14:20Z").value()};
  CHECK(encode_lock_name(snapshot.path()).size() == 259);
  CHECK(snapshot_lock_path(ns("a/b"), snapshot) ==
        R"(a:b/hashed/host-L\x2dlong.id\x2dlong.id\x2dlong.id\x2dlong.id\x2dlong.id\x2dlong.id)"
        R"(\x2dlong....id\x2dlong.id\x2dlong.id\x2dlong.id\x2dlong.id)"
        R"(-2023\x2d11\x2d14T22\x3a14\x3a20Z-)"
        "e3cee5ab5cfa2edf8f407265d57ff0cc8e4bc45687aedfe11acb428206cd1e9f");
  CHECK(group_lock_path(ns(""), group) == encode_lock_name(group.path()));
  CHECK(group_lock_path(ns(""), group).size() == 226);
}

TEST_CASE("lock names: the limit is exact", "[lock-names]") {
  const GroupId longest_plain{BackupType::vm, std::string(251, 'x')};
  const GroupId shortest_hashed{BackupType::vm, std::string(252, 'x')};
  CHECK(group_lock_path(ns(""), longest_plain).size() == 254);
  CHECK(group_lock_path(ns(""), shortest_hashed).starts_with("hashed/vm-xxx"));
  CHECK(group_lock_path(ns(""), shortest_hashed).size() == 228 + 7);
}

TEST_CASE("lock names: escaping follows systemd-escape, and the colon is escaped too",
          "[lock-names]") {
  CHECK(encode_lock_name("") == "-");
  CHECK(encode_lock_name("///") == "-");
  CHECK(encode_lock_name("/a/b") == "a-b");
  CHECK(encode_lock_name(".a/.b") == R"(\x2ea-.b)");
  CHECK(encode_lock_name("a:b c\xff_") == R"(a\x3ab\x20c\xff_)");
}

}  // namespace
}  // namespace unswept::engine
