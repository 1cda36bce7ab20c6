#include "engine/cli/command_values.h"

#include <algorithm>
#include <array>
#include <bit>

#include "engine/cli/values.h"
#include "engine/format/blob.h"
#include "engine/ops/garbage_collection.h"

namespace unswept::engine {
namespace {

/// Each chunk is a file, which takes a page of the disk at least.
constexpr std::uint64_t kSmallestChunkSize = 4096;

Parsed<std::vector<ChunkName>> read_chunks(std::string_view list, std::size_t column) {
  std::vector<ChunkName> chunks;
  while (true) {
    const std::size_t comma = list.find(',');
    std::string_view name = list.substr(0, comma);
    const bool upload = name.starts_with('+');
    if (upload) name.remove_prefix(1);
    if (!is_safe_identifier(name)) {
      return fail_at(column, quoted(name) + " is not the name of a chunk");
    }
    chunks.push_back({std::string(name), upload});
    if (comma == std::string_view::npos) return chunks;
    list.remove_prefix(comma + 1);
    column += comma + 1;
  }
}

/// Clients know by the kind of content what sort of archive "drive.img" is to be.
std::string full_archive_name(std::string_view name) {
  struct Rule {
    std::string_view content;
    std::string_view archive;
  };
  static constexpr std::array kRules{
      Rule{"img", ".fidx"},   Rule{"pxar", ".didx"},  Rule{"mpxar", ".didx"},
      Rule{"ppxar", ".didx"}, Rule{"pcat1", ".didx"}, Rule{"conf", ".blob"},
      Rule{"json", ".blob"},  Rule{"key", ".blob"},   Rule{"log", ".blob"}};
  std::string full(name);
  const auto rule = std::ranges::find(kRules, file_extension(name), &Rule::content);
  if (rule != kRules.end()) full += rule->archive;
  return full;
}

}  // namespace

Parsed<Namespace> read_namespace(const Argument& argument) {
  if (argument.text == "/") return Namespace{};
  auto ns = Namespace::parse(argument.text);
  if (!ns) return fail_at(argument.column, std::move(ns.error().message));
  return *std::move(ns);
}

Parsed<GroupId> read_group(const Argument& argument) {
  auto group = GroupId::parse(argument.text);
  if (!group) return fail_at(argument.column, std::move(group.error().message));
  return *std::move(group);
}

Parsed<SnapshotId> read_snapshot(const Argument& argument) {
  auto snapshot = SnapshotId::parse(argument.text);
  if (!snapshot) return fail_at(argument.column, std::move(snapshot.error().message));
  return *std::move(snapshot);
}

Parsed<SnapshotTime> read_time(const Argument& argument) {
  auto time = SnapshotTime::parse(argument.text);
  if (!time) return fail_at(argument.column, std::move(time.error().message));
  const auto in_calendar = SnapshotTime::from_seconds(time->seconds());
  if (time->seconds() < 0 || !in_calendar || in_calendar->text() != argument.text) {
    return fail_at(
        argument.column,
        quoted(argument.text) + " is no time from 1970-01-01T00:00:00Z to 9999-12-31T23:59:59Z");
  }
  return *time;
}

Parsed<std::uint64_t> read_unsigned(const Argument& argument) {
  const auto number = parse_unsigned(argument.text);
  if (!number) return fail_at(argument.column, quoted(argument.text) + " is not a whole number");
  return *number;
}

Parsed<unsigned> read_gc_jobs(const Argument& argument) {
  const auto jobs = parse_unsigned(argument.text);
  if (!jobs || *jobs < 1 || *jobs > kGcJobsMax) {
    return fail_at(argument.column, quoted(argument.text) + " is not a number of jobs: from 1 to " +
                                        std::to_string(kGcJobsMax));
  }
  return static_cast<unsigned>(*jobs);
}

Parsed<std::int64_t> read_duration(const Argument& argument) {
  const auto duration = parse_duration(argument.text);
  if (!duration) {
    return fail_at(argument.column,
                   quoted(argument.text) + " is not a duration such as 90s, 5m, 48h or 2d");
  }
  return *duration;
}

Parsed<std::uint64_t> read_chunk_size(const Argument& argument) {
  const auto size = parse_size(argument.text);
  if (!size || !std::has_single_bit(*size)) {
    return fail_at(argument.column,
                   quoted(argument.text) + " is not a power of two such as 64K or 4M");
  }
  if (*size < kSmallestChunkSize || *size > kMaxChunkData) {
    return fail_at(argument.column,
                   quoted(argument.text) + " is no chunk size: they go from 4K to 16M");
  }
  return *size;
}

Parsed<std::size_t> read_depth(const Argument& argument) {
  const auto number = parse_unsigned(argument.text);
  if (!number || *number > Namespace::kMaxDepth) {
    return fail_at(argument.column, quoted(argument.text) + " is not a depth from 0 to 7");
  }
  return static_cast<std::size_t>(*number);
}

Parsed<std::string> read_text(const Argument& argument) { return std::string(argument.text); }

Parsed<GroupOrSnapshot> read_group_or_snapshot(const Argument& argument) {
  if (std::ranges::count(argument.text, '/') < 2) {
    auto group = read_group(argument);
    if (!group) return pass_on(group);
    return GroupOrSnapshot{*std::move(group), std::nullopt};
  }
  auto snapshot = read_snapshot(argument);
  if (!snapshot) return pass_on(snapshot);
  return GroupOrSnapshot{std::move(snapshot->group), snapshot->time};
}

Parsed<ArchiveSource> read_archive(const Argument& argument) {
  const std::size_t equals = argument.text.find('=');
  if (equals == std::string_view::npos || equals + 1 == argument.text.size()) {
    return fail_at(
        argument.column,
        quoted(argument.text) + " names no source: write ARCHIVE=FILE or ARCHIVE=@CHUNK,...");
  }
  ArchiveSource archive{full_archive_name(argument.text.substr(0, equals)), {}, {}};
  const auto kind = parse_archive_name(archive.name);
  if (!kind) return fail_at(argument.column, kind.error().message);
  if (archive.name == kManifestName) {
    return fail_at(argument.column, quoted(archive.name) + " is made by the backup itself");
  }
  const std::string_view source = argument.text.substr(equals + 1);
  if (!source.starts_with('@')) {
    archive.file = source;
    return archive;
  }
  if (!is_index(*kind)) {
    return fail_at(argument.column + equals + 1, "a .blob has no chunks: its source is a file");
  }
  auto chunks = read_chunks(source.substr(1), argument.column + equals + 2);
  if (!chunks) return pass_on(chunks);
  archive.chunks = *std::move(chunks);
  return archive;
}

}  // namespace unswept::engine
