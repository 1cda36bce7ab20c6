#include "engine/format/names.h"

#include <algorithm>

#include "tests/catch.h"

namespace unswept::engine {
namespace {

Namespace ns(std::string_view text) { return Namespace::parse(text).value(); }

TEST_CASE("names: a safe identifier starts with a letter, digit or underscore", "[names]") {
  for (const char* good : {"a", "_", "9", "a.b-c_D", "a..", "vm-100"})
    CHECK(is_safe_identifier(good));
  for (const char* bad : {"", ".a", "-a", "a b", "a/b", "\xc3\xa4", "a\n"}) {
    CHECK_FALSE(is_safe_identifier(bad));
  }
  CHECK_FALSE(is_safe_identifier(std::string_view("a\0b", 3)));
}

TEST_CASE("names: a datastore name has 3 to 32 characters", "[names]") {
  CHECK_FALSE(is_datastore_name("ab"));
  CHECK(is_datastore_name("abc"));
  CHECK(is_datastore_name(std::string(32, 'a')));
  CHECK_FALSE(is_datastore_name(std::string(33, 'a')));
}

TEST_CASE("namespace: a/b/c is the directory ns/a/ns/b/ns/c", "[names]") {
  CHECK(ns("a/b/c").path() == "ns/a/ns/b/ns/c");
  CHECK(ns("").path().empty());
  CHECK(ns("").is_root());
  CHECK(ns("a/b").components() == std::vector<std::string_view>{"a", "b"});
  CHECK(ns("a/b").name() == "b");
  CHECK(ns("a/b").parent() == ns("a"));
  CHECK(ns("a").parent() == ns(""));
  CHECK(ns("").parent() == ns(""));
  CHECK(ns("").display_name() == "root");
}

TEST_CASE("namespace: empty and unsafe components are refused", "[names]") {
  for (const char* bad : {"/", "a/", "/a", "a//b", ".a", "a/.b", "a b"}) {
    CHECK_FALSE(Namespace::parse(bad).has_value());
  }
}

TEST_CASE("namespace: the deepest has depth 7", "[names]") {
  CHECK(ns("1/2/3/4/5/6/7").depth() == 7);
  CHECK(ns("").depth() == 0);
  CHECK_FALSE(Namespace::parse("1/2/3/4/5/6/7/8").has_value());
}

TEST_CASE("namespace: length so far plus component plus one is at most 256", "[names]") {
  CHECK(Namespace::parse(std::string(255, 'a')).has_value());
  CHECK_FALSE(Namespace::parse(std::string(256, 'a')).has_value());
  CHECK(Namespace::parse("ab/" + std::string(253, 'a')).has_value());
  CHECK_FALSE(Namespace::parse("ab/" + std::string(254, 'a')).has_value());
}

TEST_CASE("namespace: contains means a prefix of components, itself included", "[names]") {
  CHECK(ns("").contains(ns("")));
  CHECK(ns("").contains(ns("a")));
  CHECK(ns("a").contains(ns("a")));
  CHECK(ns("a").contains(ns("a/b")));
  CHECK_FALSE(ns("a").contains(ns("ab")));
  CHECK_FALSE(ns("a/b").contains(ns("a")));
}

TEST_CASE("namespace: mapping replaces a prefix and checks the limits again", "[names]") {
  CHECK(ns("a/x/y").map_prefix(ns("a"), ns("b/c")).value() == ns("b/c/x/y"));
  CHECK(ns("a").map_prefix(ns("a"), ns("")).value() == ns(""));
  CHECK(ns("x").map_prefix(ns(""), ns("b")).value() == ns("b/x"));
  CHECK_FALSE(ns("a/x").map_prefix(ns("b"), ns("c")).has_value());
  CHECK_FALSE(ns("a/1/2/3").map_prefix(ns("a"), ns("1/2/3/4/5")).has_value());
  CHECK_FALSE(ns("a/b").map_prefix(ns("a"), ns(std::string(255, 'a'))).has_value());
}

TEST_CASE("group: type and id, and nothing else", "[names]") {
  CHECK(GroupId::parse("vm/100").value() == GroupId{BackupType::vm, "100"});
  CHECK(GroupId::parse("host/a.b-c").value().path() == "host/a.b-c");
  for (const char* bad : {"", "vm", "vm/", "/100", "qemu/100", "vm/a/b", "vm/.x", "VM/1"}) {
    CHECK_FALSE(GroupId::parse(bad).has_value());
  }
  CHECK(GroupId::parse("ct/" + std::string(255, 'x')).has_value());
}

TEST_CASE("group: sorted by type, then numbers by value, then text", "[names]") {
  std::vector<GroupId> groups;
  for (const char* text :
       {"vm/b", "vm/100", "host/z", "vm/9", "vm/a", "ct/1", "vm/010", "vm/18446744073709551616"}) {
    groups.push_back(GroupId::parse(text).value());
  }
  std::ranges::sort(groups);
  std::string order;
  for (const auto& group : groups) order += group.path() + " ";
  CHECK(order == "ct/1 host/z vm/9 vm/010 vm/100 vm/18446744073709551616 vm/a vm/b ");
}

TEST_CASE("group: paths carry the namespace", "[names]") {
  const GroupId group{BackupType::ct, "7"};
  CHECK(group_path(ns(""), group) == "ct/7");
  CHECK(group_path(ns("a/b"), group) == "ns/a/ns/b/ct/7");
  CHECK(display_name(ns(""), group) == "root:ct/7");
  CHECK(display_name(ns("a/b"), group) == "a/b:ct/7");
}

TEST_CASE("snapshot: the time is the directory name", "[names]") {
  const auto id = SnapshotId::parse("vm/100/2023-11-14T22:13:20Z").value();
  CHECK(id.time.seconds() == 1700000000);
  CHECK(id.path() == "vm/100/2023-11-14T22:13:20Z");
  CHECK(snapshot_path(ns("a"), id) == "ns/a/vm/100/2023-11-14T22:13:20Z");
  CHECK(display_name(ns("a"), id) == "a:vm/100/2023-11-14T22:13:20Z");
  CHECK_FALSE(SnapshotId::parse("vm/100").has_value());
  CHECK_FALSE(SnapshotId::parse("2023-11-14T22:13:20Z").has_value());
}

TEST_CASE("snapshot time: only the exact pattern matches", "[names]") {
  CHECK(SnapshotTime::matches("9999-99-99T99:99:99Z"));
  for (const char* bad : {"2023-11-14T22:13:20", "2023-11-14 22:13:20Z", "2023-11-14T22:13:20Z\n",
                          "2023-11-14T22:13:20z", "+023-11-14T22:13:20Z", "owner"}) {
    CHECK_FALSE(SnapshotTime::matches(bad));
  }
}

TEST_CASE("snapshot time: fields have limits and are normalised", "[names]") {
  const auto seconds = [](std::string_view text) { return SnapshotTime::parse(text)->seconds(); };
  CHECK(seconds("1970-01-01T00:00:00Z") == 0);
  CHECK(seconds("2016-12-31T23:59:60Z") == seconds("2017-01-01T00:00:00Z"));
  CHECK(seconds("2023-02-31T00:00:00Z") == seconds("2023-03-03T00:00:00Z"));
  CHECK(seconds("2023-00-10T00:00:00Z") == seconds("2022-12-10T00:00:00Z"));
  CHECK(seconds("2023-03-00T00:00:00Z") == seconds("2023-02-28T00:00:00Z"));
  CHECK(seconds("0000-01-01T00:00:00Z") == -62167219200);
  CHECK(seconds("9999-12-31T23:59:59Z") == 253402300799);
  for (const char* bad : {"2023-13-01T00:00:00Z", "2023-01-32T00:00:00Z", "2023-01-01T24:00:00Z",
                          "2023-01-01T00:60:00Z", "2023-01-01T00:00:61Z"}) {
    CHECK_FALSE(SnapshotTime::parse(bad).has_value());
  }
}

TEST_CASE("snapshot time: the name as found stays", "[names]") {
  const auto time = SnapshotTime::parse("2023-02-31T00:00:00Z").value();
  CHECK(time.text() == "2023-02-31T00:00:00Z");
  CHECK(time != SnapshotTime::parse("2023-03-03T00:00:00Z").value());
}

TEST_CASE("snapshot time: printing seconds gives the name back", "[names]") {
  for (const std::int64_t seconds :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{1700000000}, std::int64_t{-62167219200},
        std::int64_t{253402300799}, std::int64_t{951827696}}) {
    const auto time = SnapshotTime::from_seconds(seconds).value();
    CHECK(SnapshotTime::parse(time.text()).value() == time);
    CHECK(time.seconds() == seconds);
  }
  CHECK(SnapshotTime::from_seconds(1700000000)->text() == "2023-11-14T22:13:20Z");
  CHECK_FALSE(SnapshotTime::from_seconds(253402300800).has_value());
  CHECK_FALSE(SnapshotTime::from_seconds(-62167219201).has_value());
  CHECK_FALSE(SnapshotTime::from_seconds(std::numeric_limits<std::int64_t>::max()).has_value());
}

TEST_CASE("archive: the last extension decides the kind, and a stem must be there", "[names]") {
  CHECK(archive_kind("drive-scsi0.img.fidx") == ArchiveKind::fixed);
  CHECK(archive_kind("root.pxar.didx") == ArchiveKind::dynamic);
  CHECK(archive_kind("index.json.blob") == ArchiveKind::blob);
  CHECK_FALSE(archive_kind(".fidx").has_value());
  CHECK_FALSE(archive_kind("x.fidx.tmp_AbCdEf").has_value());
  CHECK(parse_archive_name("a.didx").value() == ArchiveKind::dynamic);
  CHECK_FALSE(parse_archive_name("a.img").has_value());
  CHECK_FALSE(parse_archive_name("../a.fidx").has_value());
}

TEST_CASE("archive: a listing takes names by their end, even without a stem", "[names]") {
  CHECK(is_listed_file_name("a.fidx"));
  CHECK(is_listed_file_name(".blob"));
  CHECK_FALSE(is_listed_file_name("a\n.fidx"));
  CHECK_FALSE(is_listed_file_name("a.tmp_fidx"));
  CHECK_FALSE(is_listed_file_name("afidx"));
}

TEST_CASE("archive: an index is written under a name of its own", "[names]") {
  CHECK(index_temporary_name("drive.img.fidx") == "drive.img.tmp_fidx");
  CHECK(index_temporary_name("root.pxar.didx") == "root.pxar.tmp_didx");
}

}  // namespace
}  // namespace unswept::engine
