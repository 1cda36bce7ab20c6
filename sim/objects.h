// sim/objects.h: how the things of a world are named in footprints.
//
// A name is a hash of what identifies the thing in every execution with the same
// history: inode numbers and descriptors are given out per actor, file names
// count by their bytes.  Ghost objects belong to whoever judges promises.
#pragma once

#include <cstdint>
#include <string_view>

#include "model/footprint.h"

namespace unswept::sim {

/// Numbers an inode for life.  The high half says who created it, so that
/// independent creations commute.
using InodeNumber = std::uint64_t;

enum class ObjectKind : std::uint8_t {
  dirent,      // (directory, name): what the name stands for, or that it is absent
  members,     // (directory): which names exist, with their types
  members_of,  // (directory, kind): the same of the subdirectories, or of the names with an
               // extension
  data,        // (inode): content and size
  atime,       // (inode)
  meta,        // (inode): permission bits
  parent,      // (directory): where it hangs
  linked,      // (directory): that it still has a name, so that things can be made in it
  flock,       // (inode)
  record,      // (inode): record locks
  descriptor,  // (descriptor): that it is open, its position
  mutex,
  clock,
  timeouts,     // how many waits may still expire
  shared,       // (variable)
  actor_start,  // (actor)
  actor_end,    // (actor)
  ghost,
};

constexpr std::uint64_t mix(std::uint64_t value) {
  value ^= value >> 32;
  value *= 0xd6e8feb86659fd93U;
  value ^= value >> 32;
  value *= 0xd6e8feb86659fd93U;
  value ^= value >> 32;
  return value;
}

/// The kind is in the upper bits of a name, so that reports can tell what steps conflict on.
inline constexpr int kKindBits = 6;
inline constexpr int kKindShift = 64 - kKindBits;

constexpr model::ObjectId object(ObjectKind kind, std::uint64_t id, std::uint64_t name = 0) {
  const auto number = static_cast<std::uint64_t>(kind);
  return number << kKindShift | (mix(id + (number + 1) * 0x9e3779b97f4a7c15U) ^ name) >> kKindBits;
}

/// Of a name that object() made.
constexpr ObjectKind kind_of(model::ObjectId object) {
  return static_cast<ObjectKind>(object >> kKindShift);
}
std::string_view to_string(ObjectKind kind);

/// An object that no call touches by itself; see Monitor::extend().
constexpr model::ObjectId ghost_object(std::uint64_t id, std::uint64_t part = 0) {
  return object(ObjectKind::ghost, id, mix(part));
}

}  // namespace unswept::sim
