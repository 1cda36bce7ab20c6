// engine/ops/check/index_inspection.h: an index and the chunks it refers to.
#pragma once

#include <string>

#include "engine/format/manifest.h"
#include "engine/ops/check/inspection.h"

namespace unswept::engine {

/// What lies around an index decides how much is lost with a chunk of it.
enum class IndexPlace : std::uint8_t {
  finished,    // in a snapshot with a manifest: a missing chunk is an error
  unfinished,  // anywhere else: a remark
};

/// Checks the index at an absolute path by itself, against `listed` (what the manifest says of it;
/// nullptr if nothing) and against the chunk table, which learns what it refers to.
///
/// An index that cannot be opened is an error wherever it lies: garbage collection refuses to run.
Result<> inspect_index(Inspection& inspection, const std::string& path, IndexPlace place,
                       const ManifestFile* listed);

}  // namespace unswept::engine
