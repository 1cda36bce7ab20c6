// sim/vfs/directory_policy.h: in which order a directory gives its entries.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/program.h"

namespace unswept::sim {

enum class DirectoryOrder : std::uint8_t {
  sorted,
  reversed,
  permuted,  // the chooser says which entry comes next: k entries, k! orders
  listed,    // as in `names`; the others come behind them, sorted
};

struct GivenEntry {
  model::ObjectId object;  // its name in the directory, as in footprints
  std::string_view name;
};

/// Knows of which entries the place among the others can matter, and hears of all that are read.
class EntryOrders {
 public:
  virtual ~EntryOrders() = default;
  virtual bool varies(model::ObjectId entry) const = 0;
  /// In this order, by the step that is being taken; the descriptor is that of the directory.
  virtual void given(model::ActorId actor, model::ObjectId descriptor, model::ObjectId directory,
                     std::span<const GivenEntry> entries) = 0;
};

/// How a directory is read, from one opening to the end of it.
///
/// A batch is frozen when it is fetched.  An entry that is there from the first
/// batch to the last appears exactly once.  With batch = 0 the whole directory is
/// one batch, and what is added later does not appear.  Otherwise an entry added
/// or removed between batches appears if it is there when its turn comes (in a
/// permuted order: as long as there is a next batch); with `races` the chooser
/// says of each such entry whether it appears, as POSIX allows both.
struct DirectoryPolicy {
  DirectoryOrder order = DirectoryOrder::sorted;
  bool races = false;
  std::size_t batch = 0;  // entries per batch; 0: all at once
  /// Shared, as every opening of the directory takes its policy along.
  std::shared_ptr<const std::vector<std::string>> names = {};
  /// For a permuted order, all at once: entries that do not vary come first, sorted.  Null: all
  /// vary.  Must outlive the world's runs.
  EntryOrders* orders = nullptr;
};

}  // namespace unswept::sim
