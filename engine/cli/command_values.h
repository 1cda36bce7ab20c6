// engine/cli/command_values.h: arguments of commands as the values that they stand for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>

#include "engine/cli/arguments.h"
#include "engine/cli/command.h"
#include "engine/format/names.h"

namespace unswept::engine {

template <class T>
using Parsed = std::expected<T, CommandError>;

template <class T>
std::unexpected<CommandError> pass_on(Parsed<T>& failed) {
  return std::unexpected(std::move(failed.error()));
}

/// "/" is the root.
Parsed<Namespace> read_namespace(const Argument& argument);
Parsed<GroupId> read_group(const Argument& argument);
Parsed<SnapshotId> read_snapshot(const Argument& argument);
/// The time of a snapshot that is to be made: of a day that is in the calendar, from 1970 on.
Parsed<SnapshotTime> read_time(const Argument& argument);
Parsed<std::uint64_t> read_unsigned(const Argument& argument);
/// From 1 to kGcJobsMax.
Parsed<unsigned> read_gc_jobs(const Argument& argument);
/// Seconds.
Parsed<std::int64_t> read_duration(const Argument& argument);
/// Bytes; a power of two, and no more than a chunk may have.
Parsed<std::uint64_t> read_chunk_size(const Argument& argument);
Parsed<std::size_t> read_depth(const Argument& argument);
Parsed<std::string> read_text(const Argument& argument);

/// What a command names: a group, or a snapshot of it.
struct GroupOrSnapshot {
  GroupId group;
  std::optional<SnapshotTime> time;
};
Parsed<GroupOrSnapshot> read_group_or_snapshot(const Argument& argument);

/// ARCHIVE=FILE or ARCHIVE=@CHUNK,...
Parsed<ArchiveSource> read_archive(const Argument& argument);

}  // namespace unswept::engine
