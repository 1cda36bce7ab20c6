// engine/ops/journal_list.h: the records of the move journal that no collection has worked on yet.
#pragma once

#include <string>
#include <vector>

#include "engine/error.h"
#include "engine/store/datastore.h"

namespace unswept::engine {

struct PendingMove {
  std::string path;     // where the index is to be; absolute unless there is a problem
  bool exists = false;  // it is there
  std::string problem;  // why a collection cannot work on this record; empty if it can
};

/// In the order in which they were announced.  Changes nothing: a journal that is not there has
/// no records.  Fails if it is not UTF-8, as a collection does.
Result<std::vector<PendingMove>> pending_moves(const Datastore& store);

}  // namespace unswept::engine
