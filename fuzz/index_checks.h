// fuzz/index_checks.h: what both kinds of index must keep to, once they open.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/format/index.h"
#include "fuzz/target.h"

namespace unswept::fuzz {

/// Walks over all of an index as marking, restoring and verifying do.
inline void check_index(engine::IndexKind kind, engine::ByteView file) {
  const auto index = engine::IndexView::open(kind, file);
  if (!index) return;
  require(index->kind() == kind);
  require(index->chunk_count() > 0);
  // The table is in the file, whatever the header says.
  require(index->chunk_count() <= (file.size() - engine::kIndexHeaderSize) / engine::Digest::kSize);
  std::uint64_t mixed = 0;
  for (std::size_t i = 0; i < index->chunk_count(); ++i) {
    mixed ^= engine::DigestHash{}(index->digest(i));
    mixed += index->chunk_end(i) - index->chunk_begin(i);
    if (kind == engine::IndexKind::fixed) {
      require(index->chunk_begin(i) < index->chunk_end(i));
      require(index->chunk_end(i) - index->chunk_begin(i) <= index->chunk_size());
    }
  }
  require(index->chunk_end(index->chunk_count() - 1) == index->data_size());
  // Not optimised away.
  volatile std::uint64_t used = mixed + static_cast<std::uint64_t>(index->ctime());
  (void)used;
  (void)index->uuid();
  (void)(index->stored_csum() == index->computed_csum());
}

}  // namespace unswept::fuzz
