// engine/ops/check/chunk_inspection.h: chunk files, listed and read.
#pragma once

#include "engine/error.h"
#include "engine/ops/check/inspection.h"

namespace unswept::engine {

/// Lists .chunks and fills the chunk table.
Result<> list_chunks(Inspection& inspection);

/// When all indexes have been read: chunk files that are too short to be one.
void judge_lengths(Inspection& inspection);

/// Reads every chunk in the table and compares it with its name and with what indexes say of it.
Result<> read_chunks(Inspection& inspection);

}  // namespace unswept::engine
