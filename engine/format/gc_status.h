// engine/format/gc_status.h: what the last garbage collection found (.gc-status).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/os/knowledge.h"

namespace unswept::engine {

struct GcStatus {
  struct CacheStatistics {
    std::uint64_t hits = 0;
    std::uint64_t misses = 0;
    bool operator==(const CacheStatistics&) const = default;
  };

  std::optional<std::string> upid;
  std::uint64_t index_file_count = 0;
  std::uint64_t index_data_bytes = 0;
  std::uint64_t disk_bytes = 0;
  std::uint64_t disk_chunks = 0;
  std::uint64_t removed_bytes = 0;
  std::uint64_t removed_chunks = 0;
  std::uint64_t pending_bytes = 0;
  std::uint64_t pending_chunks = 0;
  std::uint64_t removed_bad = 0;
  std::uint64_t still_bad = 0;
  std::optional<CacheStatistics> cache;

  bool operator==(const GcStatus&) const = default;
  void tell(os::Gist& gist) const;

  /// A file that cannot be understood, or lacks a number, is as good as none: all zero.
  static GcStatus parse(std::string_view json);
  /// Compact.
  std::string print() const;
};

}  // namespace unswept::engine
