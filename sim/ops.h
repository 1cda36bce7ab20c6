// sim/ops.h: the kinds of steps a world knows.
#pragma once

#include <string_view>

#include "model/program.h"

namespace unswept::sim {

/// What a step does.  Numbers from `first_custom` on are given out by World::define_op().
enum class Op : model::OpCode {
  none,
  // files
  open,
  close,
  read,
  pread,
  write,
  pwrite,
  seek,
  truncate,
  map,
  fsync,
  syncfs,
  // names
  rename,
  rename_no_replace,
  unlink,
  mkdir,
  rmdir,
  // metadata
  stat,
  fstat,
  touch,
  chmod,
  chown,
  // directories
  read_directory,
  // locks between processes
  flock,
  funlock,
  record_lock,
  // within a process
  mutex_lock,
  mutex_try_lock,
  mutex_unlock,
  // time
  now,
  sleep,
  advance_clock,
  // shared variables
  shared_read,
  shared_write,
  shared_add,
  shared_compare_exchange,
  // actors
  start,
  end,
  spawn,
  join,
  first_custom = 256,
};

constexpr model::OpCode code(Op op) { return static_cast<model::OpCode>(op); }

/// "rename", "mutex_lock", ...  Empty for custom codes.
std::string_view to_string(Op op);

}  // namespace unswept::sim
