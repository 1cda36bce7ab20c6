#include "engine/points.h"

#include <set>

#include "tests/catch.h"

namespace unswept::test {
namespace {

TEST_CASE("points: names are public and only ever added to", "[points]") {
  const std::set<std::string_view> released = {"gc.started",
                                               "gc.mark.started",
                                               "gc.mark.walked",
                                               "gc.mark.namespace",
                                               "gc.mark.group",
                                               "gc.mark.listed",
                                               "gc.mark.index",
                                               "gc.mark.vanished",
                                               "gc.mark.leftovers",
                                               "gc.journal.locked",
                                               "gc.journal.drained",
                                               "gc.mark.done",
                                               "gc.sweep.started",
                                               "gc.sweep.removed",
                                               "gc.sweep.done",
                                               "gc.done",
                                               "move.started",
                                               "move.namespace.listed",
                                               "move.namespace.created",
                                               "move.locked",
                                               "move.journal.appended",
                                               "move.renamed",
                                               "move.group.done",
                                               "move.done",
                                               "backup.started",
                                               "backup.known",
                                               "backup.chunk.inserted",
                                               "backup.index.closed",
                                               "backup.manifest.written",
                                               "backup.done",
                                               "remove.started",
                                               "remove.locked",
                                               "remove.done",
                                               "prune.selected",
                                               "prune.done",
                                               "verify.started",
                                               "verify.done",
                                               "protect.done",
                                               "notes.done",
                                               "namespace.created",
                                               "namespace.removed"};
  std::set<std::string_view> names;
  for (const os::Point& point : engine::all_points()) names.insert(point.name);
  CHECK(names.size() == engine::all_points().size());
  CHECK(names == released);
}

}  // namespace
}  // namespace unswept::test
