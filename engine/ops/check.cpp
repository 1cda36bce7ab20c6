#include "engine/ops/check.h"

#include "engine/ops/check/chunk_inspection.h"
#include "engine/ops/check/inspection.h"
#include "engine/ops/check/side_inspection.h"
#include "engine/ops/check/tree_inspection.h"

namespace unswept::engine {

Result<CheckReport> check_store(const Datastore& store, BlobCodec& codec,
                                const CheckOptions& options) {
  Inspection inspection(store, codec);
  // Chunks come first: they are there before anything refers to them.
  if (auto listed = list_chunks(inspection); !listed) return forward_error(listed);
  if (auto inspected = inspect_tree(inspection); !inspected) return forward_error(inspected);
  inspect_side_files(inspection);
  judge_lengths(inspection);
  if (options.read_chunks) {
    if (auto read = read_chunks(inspection); !read) return forward_error(read);
  }
  return inspection.finish();
}

}  // namespace unswept::engine
