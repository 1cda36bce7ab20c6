#include "engine/points.h"

namespace unswept::engine::points {

namespace {
constexpr Point kAll[] = {
    gc_started,
    gc_mark_started,
    gc_mark_walked,
    gc_mark_namespace,
    gc_mark_group,
    gc_mark_listed,
    gc_mark_index,
    gc_mark_vanished,
    gc_mark_leftovers,
    gc_journal_locked,
    gc_journal_drained,
    gc_mark_done,
    gc_sweep_started,
    gc_sweep_removed,
    gc_sweep_done,
    gc_done,
    move_started,
    move_namespace_listed,
    move_namespace_created,
    move_locked,
    move_journal_appended,
    move_renamed,
    move_group_done,
    move_done,
    backup_started,
    backup_known,
    backup_chunk_inserted,
    backup_index_closed,
    backup_manifest_written,
    backup_done,
    remove_started,
    remove_locked,
    remove_done,
    prune_selected,
    prune_done,
    verify_started,
    verify_done,
    protect_done,
    notes_done,
    namespace_created,
    namespace_removed,
};
}  // namespace

std::span<const Point> all() { return kAll; }

}  // namespace unswept::engine::points
