// engine/ops/check/findings.h: what a check of a whole store has found.
//
// Errors are what loses data or stops an operation; the check has failed then.
// Remarks are what a person may want to know of a store in order: leftovers of a
// crash, an unfinished backup, files that do not belong there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace unswept::engine {

enum class Severity : std::uint8_t { error, remark };

enum class FindingKind : std::uint8_t {
  // As a rule errors:
  unreadable,     // the operating system would not show it
  bad_name,       // a name, or what lies under it, makes listings or locks fail
  bad_manifest,   // not a manifest, or one of another snapshot
  bad_index,      // not an index, or not the one in the manifest
  bad_blob,       // not a blob, or not the one in the manifest
  bad_owner,      // a group with snapshots whose owner is not known
  bad_journal,    // a record that garbage collection cannot work on
  missing_file,   // the manifest has it, the directory has not
  missing_chunk,  // an index has it, the chunk store has not
  bad_chunk,      // too short, or its content is not what its name says
  // As a rule remarks:
  unfinished,         // a snapshot without manifest
  empty_group,        // neither owner nor snapshots
  unlisted_file,      // an archive that is not in the manifest
  temporary_file,     // left by a writer that did not come to its end, or is at work
  stray,              // does not belong where it lies
  set_aside,          // a damaged chunk under a bad name
  missing_directory,  // a chunk subdirectory: nothing can be inserted there
  pending_move,       // a record of the move journal
  bad_status,         // the last collection's status cannot be understood
};

/// "error" and "remark".
std::string_view severity_name(Severity severity);

/// "missing-chunk", ...: for programs.
std::string_view finding_name(FindingKind kind);

struct Finding {
  Severity severity = Severity::error;
  FindingKind kind = FindingKind::unreadable;
  std::string path;  // below the base directory of the store; absolute elsewhere
  std::string message;
};

struct CheckReport {
  /// No more than so many findings are kept; all are counted.
  static constexpr std::size_t kMaxFindings = 10'000;

  std::vector<Finding> findings;  // in the order in which they were met
  std::uint64_t errors = 0;
  std::uint64_t remarks = 0;

  std::uint64_t namespaces = 0;  // the root included
  std::uint64_t groups = 0;
  std::uint64_t snapshots = 0;
  std::uint64_t unfinished = 0;  // of them
  std::uint64_t indexes = 0;
  std::uint64_t blobs = 0;       // manifests not included
  std::uint64_t references = 0;  // entries of indexes
  std::uint64_t lock_files = 0;
  std::uint64_t pending_moves = 0;

  std::uint64_t chunks = 0;
  std::uint64_t chunk_bytes = 0;     // as stored
  std::uint64_t orphans = 0;         // chunks that no index refers to
  std::uint64_t orphan_bytes = 0;    // as stored
  std::uint64_t missing_chunks = 0;  // different ones
  std::uint64_t chunks_read = 0;
  std::uint64_t bytes_read = 0;  // as stored

  bool good() const { return errors == 0; }
  void add(Finding finding);
};

}  // namespace unswept::engine
