// engine/points.h: the named places that operations pass.
//
// Scenario files, progress bars and logs refer to these names, so they are
// public API: a name, once released, keeps its meaning.  The detail that goes
// with a point is given behind it; a namespace is written as on the API, the
// root as "root".
#pragma once

#include <span>

#include "engine/os/system.h"

namespace unswept::engine::points {

using os::Point;

// Garbage collection, in the order in which one run passes them.
inline constexpr Point gc_started{"gc.started"};
inline constexpr Point gc_mark_started{"gc.mark.started"};      // minimum access time, seconds
inline constexpr Point gc_mark_walked{"gc.mark.walked"};        // the tree has been listed
inline constexpr Point gc_mark_namespace{"gc.mark.namespace"};  // <namespace>
inline constexpr Point gc_mark_group{"gc.mark.group"};          // <namespace>:<type>/<id>
inline constexpr Point gc_mark_listed{"gc.mark.listed"};        // <namespace>:<type>/<id>
inline constexpr Point gc_mark_index{"gc.mark.index"};          // <path below the base>: marked
inline constexpr Point gc_mark_vanished{"gc.mark.vanished"};    // <path below the base>
inline constexpr Point gc_mark_leftovers{"gc.mark.leftovers"};  // what the iteration has not met
inline constexpr Point gc_journal_locked{"gc.journal.locked"};
inline constexpr Point gc_journal_drained{"gc.journal.drained"};
inline constexpr Point gc_mark_done{"gc.mark.done"};  // minimum access time, seconds
inline constexpr Point gc_sweep_started{"gc.sweep.started"};
inline constexpr Point gc_sweep_removed{"gc.sweep.removed"};  // <digest>
inline constexpr Point gc_sweep_done{"gc.sweep.done"};
inline constexpr Point gc_done{"gc.done"};

// Moving a group, and a namespace.
inline constexpr Point move_started{"move.started"};  // <namespace>:<type>/<id>, or <namespace>
inline constexpr Point move_namespace_listed{"move.namespace.listed"};
inline constexpr Point move_namespace_created{"move.namespace.created"};
inline constexpr Point move_locked{"move.locked"};  // both groups
inline constexpr Point move_journal_appended{"move.journal.appended"};
inline constexpr Point move_renamed{"move.renamed"};        // <path below the base>, after the move
inline constexpr Point move_group_done{"move.group.done"};  // <namespace>:<type>/<id>
inline constexpr Point move_done{"move.done"};

// Backup.
inline constexpr Point backup_started{"backup.started"};  // <path of the snapshot below the base>
inline constexpr Point backup_known{"backup.known"};      // <archive>: its old chunks are known now
inline constexpr Point backup_chunk_inserted{"backup.chunk.inserted"};  // <digest>
inline constexpr Point backup_index_closed{"backup.index.closed"};      // <archive>
inline constexpr Point backup_manifest_written{"backup.manifest.written"};
inline constexpr Point backup_done{"backup.done"};  // <path of the snapshot>

// Removing.
inline constexpr Point remove_started{"remove.started"};  // <path of the snapshot below the base>
inline constexpr Point remove_locked{"remove.locked"};    // <path>
inline constexpr Point remove_done{"remove.done"};        // <path>
inline constexpr Point prune_selected{"prune.selected"};  // <namespace>:<type>/<id>
inline constexpr Point prune_done{"prune.done"};

// The rest.
inline constexpr Point verify_started{"verify.started"};
inline constexpr Point verify_done{"verify.done"};
inline constexpr Point protect_done{"protect.done"};
inline constexpr Point notes_done{"notes.done"};
inline constexpr Point namespace_created{"namespace.created"};  // <namespace>
inline constexpr Point namespace_removed{"namespace.removed"};  // <namespace>

/// Every point above.
std::span<const Point> all();

}  // namespace unswept::engine::points

namespace unswept::engine {
inline std::span<const os::Point> all_points() { return points::all(); }
}  // namespace unswept::engine
