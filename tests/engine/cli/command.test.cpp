#include "engine/cli/command.h"

#include <string>
#include <variant>

#include "tests/catch.h"

namespace unswept::engine {
namespace {

template <class C>
C parsed(std::string_view line) {
  const auto command = parse_command(line);
  INFO(line << ": " << (command ? "" : command.error().text()));
  REQUIRE(command);
  REQUIRE(std::holds_alternative<C>(*command));
  return std::get<C>(*command);
}

// "column: message"
std::string error_of(std::string_view line) {
  const auto command = parse_command(line);
  if (command) return "parsed";
  return std::to_string(command.error().column) + ": " + command.error().text();
}

TEST_CASE("command: a bare gc leaves every setting to its caller", "[command]") {
  const auto gc = parsed<Gc>("gc");
  CHECK_FALSE(gc.cutoff.has_value());
  CHECK_FALSE(gc.cache_capacity.has_value());
  CHECK_FALSE(gc.atime_safety_check.has_value());
}

TEST_CASE("command: gc options", "[command]") {
  const auto gc = parsed<Gc>("gc --cutoff 24h5m --cache-capacity=0 --no-atime-check");
  CHECK(gc.cutoff == 86700);
  CHECK(gc.cache_capacity == 0U);
  CHECK(gc.atime_safety_check == false);
}

TEST_CASE("command: move-group", "[command]") {
  const auto move = parsed<MoveGroup>("move-group vm/100 --ns a --to b/c");
  CHECK(move.group.path() == "vm/100");
  CHECK(move.from.text() == "a");
  CHECK(move.to.text() == "b/c");
  CHECK(move.merge);
  CHECK_FALSE(parsed<MoveGroup>("move-group vm/100 --to b --no-merge").merge);
  CHECK(parsed<MoveGroup>("move-group --ns a --to / ct/1").to.is_root());
}

TEST_CASE("command: move-namespace", "[command]") {
  const auto move = parsed<MoveNamespace>("move-namespace a --to b --max-depth 0 --keep-source");
  CHECK(move.from.text() == "a");
  CHECK(move.to.text() == "b");
  CHECK(move.max_depth == 0U);
  CHECK_FALSE(move.delete_source);
  CHECK(move.merge);
  CHECK_FALSE(parsed<MoveNamespace>("move-namespace a --to b").max_depth.has_value());
}

TEST_CASE("command: backup of named chunks", "[command]") {
  const auto backup = parsed<Backup>(
      "backup vm/200 --ns a --time 2026-01-02T00:00:00Z drive.img.fidx=@c2,+c3 --incremental "
      "root.pxar.didx=@x");
  CHECK(backup.group.path() == "vm/200");
  CHECK(backup.ns.text() == "a");
  REQUIRE(backup.time.has_value());
  CHECK(backup.time->text() == "2026-01-02T00:00:00Z");
  CHECK(backup.incremental);
  REQUIRE(backup.archives.size() == 2);
  const ArchiveSource& drive = backup.archives[0];
  CHECK(drive.name == "drive.img.fidx");
  CHECK(drive.file.empty());
  REQUIRE(drive.chunks.size() == 2);
  CHECK(drive.chunks[0].name == "c2");
  CHECK_FALSE(drive.chunks[0].upload_although_known);
  CHECK(drive.chunks[1].name == "c3");
  CHECK(drive.chunks[1].upload_although_known);
  CHECK(backup.archives[1].name == "root.pxar.didx");
}

TEST_CASE("command: backup of files", "[command]") {
  const auto backup =
      parsed<Backup>("backup host/pc 'etc.blob=/etc/a b' disk.fidx=/dev/sda --chunk-size 64K");
  REQUIRE(backup.archives.size() == 2);
  CHECK(backup.archives[0].file == "/etc/a b");
  CHECK(backup.archives[1].file == "/dev/sda");
  CHECK(backup.archives[1].chunks.empty());
  CHECK(backup.chunk_size == 65536U);
  CHECK_FALSE(backup.time.has_value());
}

TEST_CASE("command: snapshots and groups", "[command]") {
  CHECK(parsed<Forget>("forget vm/100/2026-01-01T00:00:00Z --ns a").snapshot.path() ==
        "vm/100/2026-01-01T00:00:00Z");
  CHECK(parsed<RemoveGroup>("remove-group ct/1").group.path() == "ct/1");
  CHECK(parsed<Protect>("protect vm/100/2026-01-01T00:00:00Z").on);
  CHECK_FALSE(parsed<Protect>("protect vm/100/2026-01-01T00:00:00Z --off").on);
  const auto owner = parsed<ChangeOwner>("change-owner vm/100 me@pbs");
  CHECK(owner.owner == "me@pbs");
  const auto restore = parsed<Restore>("restore vm/100/2026-01-01T00:00:00Z a.fidx /tmp/x --ns n");
  CHECK(restore.archive == "a.fidx");
  CHECK(restore.file == "/tmp/x");
  CHECK(restore.ns.text() == "n");
}

TEST_CASE("command: notes of a group and of a snapshot", "[command]") {
  const auto group = parsed<Notes>("notes vm/100 --text 'two words'");
  CHECK(group.group.path() == "vm/100");
  CHECK_FALSE(group.time.has_value());
  CHECK(group.text == "two words");
  const auto snapshot = parsed<Notes>("notes vm/100/2026-01-01T00:00:00Z --text \"\"");
  REQUIRE(snapshot.time.has_value());
  CHECK(snapshot.text.empty());
}

TEST_CASE("command: verify of everything, a group, a snapshot", "[command]") {
  CHECK_FALSE(parsed<Verify>("verify --ns a").group.has_value());
  CHECK(parsed<Verify>("verify vm/1").group->path() == "vm/1");
  CHECK_FALSE(parsed<Verify>("verify vm/1").time.has_value());
  CHECK(parsed<Verify>("verify vm/1/2026-01-01T00:00:00Z").time->seconds() == 1767225600);
}

TEST_CASE("command: prune rules", "[command]") {
  const auto prune = parsed<Prune>(
      "prune vm/100 --keep-last 1 --keep-hourly 2 --keep-daily 3 --keep-weekly 4 --keep-monthly 5 "
      "--keep-yearly 6 --dry-run");
  CHECK(prune.keep == PruneKeep{1, 2, 3, 4, 5, 6});
  CHECK(prune.dry_run);
  CHECK_FALSE(parsed<Prune>("prune --ns a --max-depth 2").group.has_value());
}

TEST_CASE("command: namespaces are created and removed", "[command]") {
  CHECK(parsed<NamespaceCreate>("ns create a/b").ns.text() == "a/b");
  CHECK_FALSE(parsed<NamespaceRemove>("ns remove a").delete_groups);
  CHECK(parsed<NamespaceRemove>("ns remove a --delete-groups").delete_groups);
}

TEST_CASE("command: errors name the column and the nearest match", "[command]") {
  CHECK(error_of("") == "1: there is no command");
  CHECK(error_of("  cg") == "3: unknown command \"cg\", did you mean \"gc\"?");
  CHECK(error_of("move-grup vm/1 --to b") ==
        "1: unknown command \"move-grup\", did you mean \"move-group\"?");
  CHECK(error_of("ns creat a") == "1: unknown command \"ns creat\", did you mean \"ns create\"?");
  CHECK(error_of("gc --cutof 3h") == "4: gc has no option \"--cutof\", did you mean \"--cutoff\"?");
  CHECK(error_of("gc --zzz") == "4: gc has no option \"--zzz\"");
}

TEST_CASE("command: errors of single words", "[command]") {
  CHECK(error_of("gc --cutoff") == "4: \"--cutoff\" needs a value: --cutoff DURATION");
  CHECK(error_of("gc --cutoff=soon") ==
        "13: \"soon\" is not a duration such as 90s, 5m, 48h or 2d");
  CHECK(error_of("gc --no-atime-check=1") == "4: \"--no-atime-check\" takes no value");
  CHECK(error_of("gc --cutoff 1h --cutoff 2h") == "16: \"--cutoff\" is given twice");
  CHECK(error_of("gc --atime-check --no-atime-check") ==
        "18: --no-atime-check contradicts --atime-check");
  CHECK(error_of("gc now") == "4: \"now\" is one argument too many for gc");
  CHECK(error_of("notes vm/1 --text 'open") == "19: this quote is never closed");
  CHECK(error_of("move-namespace a --to b --max-depth 8") ==
        "37: \"8\" is not a depth from 0 to 7");
  CHECK(error_of("prune --keep-last -1") == "19: \"-1\" is not a whole number");
}

TEST_CASE("command: what is missing is named with the usage", "[command]") {
  CHECK(error_of("move-group --to b") ==
        "1: move-group needs GROUP: move-group GROUP --to NS [--ns NS] [--no-merge]");
  CHECK(error_of("move-group vm/1") ==
        "1: move-group needs --to: move-group GROUP --to NS [--ns NS] [--no-merge]");
  CHECK(error_of("backup vm/1").find("backup needs ARCHIVE=SOURCE: ") != std::string::npos);
}

TEST_CASE("command: errors in archives point into the word", "[command]") {
  CHECK(error_of("backup vm/1 a.fidx") ==
        "13: \"a.fidx\" names no source: write ARCHIVE=FILE or ARCHIVE=@CHUNK,...");
  CHECK(error_of("backup vm/1 a.fidx=@c1,,c2") == "24: \"\" is not the name of a chunk");
  CHECK(error_of("backup vm/1 a.fidx=@") == "21: \"\" is not the name of a chunk");
  CHECK(error_of("backup vm/1 a.blob=@c1") == "20: a .blob has no chunks: its source is a file");
  CHECK(error_of("backup vm/1 a.fidx=@c1 a.fidx=@c2") == "24: \"a.fidx\" is given twice");
  CHECK(error_of("backup vm/1 index.json.blob=x") ==
        "13: \"index.json.blob\" is made by the backup itself");
  CHECK(error_of("backup vm/1 --chunk-size 3M a.fidx=x") ==
        "26: \"3M\" is not a power of two such as 64K or 4M");
}

TEST_CASE("command: a snapshot is made at a time that is in the calendar", "[command]") {
  for (const std::string_view time :
       {"2026-02-30T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
        "2025-02-29T00:00:00Z", "1969-12-31T23:59:59Z", "0000-01-01T00:00:00Z",
        "2026-01-01T00:00:60Z", "9999-12-31T23:59:60Z"}) {
    CHECK(error_of("backup vm/1 --time " + std::string(time) + " a.fidx=x") ==
          "20: \"" + std::string(time) +
              "\" is no time from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59Z");
  }
  for (const std::string_view time :
       {"1970-01-01T00:00:00Z", "2024-02-29T00:00:00Z", "9999-12-31T23:59:59Z"}) {
    CHECK(parsed<Backup>("backup vm/1 a.fidx=x --time " + std::string(time)).time->text() == time);
  }
  // A snapshot that somebody else has made is named as it is called.
  CHECK(parsed<Forget>("forget vm/1/2026-02-30T00:00:00Z").snapshot.time.text() ==
        "2026-02-30T00:00:00Z");
}

TEST_CASE("command: a chunk size is one that a store can have", "[command]") {
  for (const std::string_view size : {"1", "2K", "32M", "1T"}) {
    CHECK(error_of("backup vm/1 a.fidx=x --chunk-size " + std::string(size)) ==
          "35: \"" + std::string(size) + "\" is no chunk size: they go from 4K to 16M");
  }
  CHECK(parsed<Backup>("backup vm/1 a.fidx=x --chunk-size 4K").chunk_size == 4096U);
  CHECK(parsed<Backup>("backup vm/1 a.fidx=x --chunk-size 16M").chunk_size == 16U << 20);
  CHECK(parsed<Backup>("backup vm/1 a.didx=x --chunk-size 4M").chunk_size == 4U << 20);
  CHECK(error_of("backup vm/1 --chunk-size 8M a.fidx=x b.didx=y") ==
        R"(26: the average chunk of a .didx has at most 4M: "b.didx")");
}

TEST_CASE("command: bad names are refused where they stand", "[command]") {
  for (const std::string_view line :
       {"forget vm/100", "forget vx/100/2026-01-01T00:00:00Z", "move-group vm/100 --to a//b",
        "move-group vm/.x --to b", "backup vm/1 --time yesterday a.fidx=@c",
        "protect vm/1/2026-13-01T00:00:00Z", "ns create a/../b", "ns create \"\"x/"}) {
    INFO(line);
    CHECK_FALSE(parse_command(line).has_value());
  }
}

TEST_CASE("command: every command of the help is understood and has its own type", "[command]") {
  const auto arguments_of = [](std::string_view name) -> std::string {
    if (name == "gc" || name == "prune" || name == "verify") return "";
    if (name == "backup") return " vm/1 a.fidx=@c";
    if (name == "forget" || name == "protect") return " vm/1/2026-01-01T00:00:00Z";
    if (name == "restore") return " vm/1/2026-01-01T00:00:00Z a.fidx";
    if (name == "change-owner") return " vm/1 root@pam";
    if (name == "move-group") return " vm/1 --to b";
    if (name == "move-namespace") return " a --to b";
    if (name == "notes") return " vm/1 --text x";
    return name.starts_with("ns ") ? " a" : " vm/1";
  };
  CHECK(all_commands().size() == std::variant_size_v<Command>);
  for (const CommandHelp& help : all_commands()) {
    const auto command = parse_command(std::string(help.name) + arguments_of(help.name));
    INFO(help.name << ": " << (command ? "" : command.error().text()));
    REQUIRE(command);
    CHECK(command_name(*command) == help.name);
  }
}

TEST_CASE("command: what has no place in a scenario is refused there, at its column", "[command]") {
  const auto in_scenario = [](std::string_view line) -> std::string {
    const auto command = parse_command(line, Setting::scenario);
    if (command) return "parsed";
    return std::to_string(command.error().column) + ": " + command.error().text();
  };
  constexpr std::string_view kReason = " is for unswept-store only, not for a scenario";
  const auto refused = [&](std::string_view column_and_what) {
    return std::string(column_and_what).append(kReason);
  };
  CHECK(in_scenario("gc --cutoff 1h --dry-run") == refused(R"(16: "--dry-run")"));
  CHECK(in_scenario("backup vm/1 a.fidx=@c1 --dry-run") == refused(R"(24: "--dry-run")"));
  CHECK(in_scenario("backup vm/1 a.fidx=-") == refused(R"(13: "-")"));
  CHECK(in_scenario("restore vm/1/2026-01-01T00:00:00Z --into d") == refused(R"(35: "--into")"));
  CHECK(in_scenario("check") == refused(R"(1: "check")"));
  CHECK(in_scenario("journal show") == refused(R"(1: "journal")"));
  CHECK(in_scenario("prune --keep-last 1 --dry-run") == "parsed");
  CHECK(parsed<Gc>("gc --dry-run").dry_run);
  CHECK(parsed<Backup>("backup vm/1 a.fidx=- --dry-run").dry_run);
}

TEST_CASE("command: the standard input is read once", "[command]") {
  CHECK(parsed<Backup>("backup vm/1 a.fidx=-").archives[0].file == kStandardStream);
  CHECK(error_of("backup vm/1 a.fidx=- b.didx=-") ==
        "22: the standard input can be read for one archive only");
}

TEST_CASE("command: archives of well-known content need no extension", "[command]") {
  const auto backup = parsed<Backup>("backup vm/1 drive.img=x root.pxar=x vm.conf=x");
  CHECK(backup.archives[0].name == "drive.img.fidx");
  CHECK(backup.archives[1].name == "root.pxar.didx");
  CHECK(backup.archives[2].name == "vm.conf.blob");
  CHECK(error_of("backup vm/1 drive.img=x drive.img.fidx=y") ==
        R"(25: "drive.img.fidx" is given twice)");
}

TEST_CASE("command: restore is of one archive or of all", "[command]") {
  const auto all = parsed<Restore>("restore vm/1/2026-01-01T00:00:00Z --into there");
  CHECK(all.archive.empty());
  CHECK(all.directory == "there");
  CHECK(error_of("restore vm/1/2026-01-01T00:00:00Z") ==
        "1: restore needs ARCHIVE, or --into DIR to restore all archives");
  CHECK(error_of("restore vm/1/2026-01-01T00:00:00Z a.fidx --into d").starts_with("35: "));
}

TEST_CASE("command: verify may pass over what was verified", "[command]") {
  const auto verify = parsed<Verify>("verify --ignore-verified --outdated-after 30d");
  CHECK(verify.ignore_verified);
  CHECK(verify.outdated_after == 30 * 86'400);
}

}  // namespace
}  // namespace unswept::engine
