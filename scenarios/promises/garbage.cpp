#include "scenarios/promises/garbage.h"

#include <algorithm>

namespace unswept::scenarios {
namespace {

bool apart(const OperationRun& a, const OperationRun& b, const HappensBefore& order) {
  return order.precedes(a.end, b.begin) || order.precedes(b.end, a.begin);
}

bool met_nobody(std::size_t collection, const OperationLog& operations,
                const HappensBefore& order) {
  const auto& all = operations.all();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (i != collection && !apart(all[collection], all[i], order)) return false;
  return true;
}

}  // namespace

void GarbageJudge::begin(std::size_t run, const Watch& watch, const sim::View& view) {
  Collection collection{run, {}, {}};
  const auto& chunks = watch.references().chunks();
  for (ChunkId id = 0; id < chunks.size(); ++id)
    if (chunks[id].inode != 0 && chunks[id].references == 0)
      collection.orphans.push_back({id, view.atime(chunks[id].inode).seconds});
  collections_.push_back(std::move(collection));
}

void GarbageJudge::end(std::size_t run, std::int64_t min_access_time, const Watch& watch,
                       const sim::View&) {
  Collection* found = find(run);
  if (found == nullptr) return;
  for (const Orphan& orphan : found->orphans) {
    const ChunkState& chunk = watch.references().chunks()[orphan.chunk];
    if (orphan.access_time < min_access_time && chunk.inode != 0 && chunk.references == 0)
      found->left.push_back(chunk.name);
  }
}

void GarbageJudge::take_back_end(std::size_t run) {
  if (Collection* found = find(run)) found->left.clear();
}

GarbageJudge::Collection* GarbageJudge::find(std::size_t run) {
  const auto found = std::find_if(collections_.begin(), collections_.end(),
                                  [&](const Collection& c) { return c.run == run; });
  return found == collections_.end() ? nullptr : &*found;
}

/// Who is in the middle of something, or was when it began, is not apart from it in any order.
bool GarbageJudge::looks_back(const OperationLog& operations, const StepLog& steps) const {
  const auto& all = operations.all();
  return std::ranges::any_of(collections_, [&](const Collection& collection) {
    const OperationRun& self = all[collection.run];
    if (self.ended && collection.left.empty()) return false;
    return std::ranges::none_of(all, [&](const OperationRun& other) {
      if (&other == &self) return false;
      return !other.ended || steps.position(self.begin) < steps.position(other.end);
    });
  });
}

std::optional<model::Violation> GarbageJudge::judge(const OperationLog& operations,
                                                    const StepLog& steps) const {
  for (const Collection& collection : collections_) {
    if (collection.left.empty()) continue;
    if (!met_nobody(collection.run, operations, HappensBefore(steps))) continue;
    std::string text = "a GC that met nobody left orphans:";
    for (const std::string& name : collection.left) text += ' ' + name;
    return model::Violation{"garbage-collected", std::move(text)};
  }
  return std::nullopt;
}

}  // namespace unswept::scenarios
