// scenarios/scenario.h: what is checked, as a plain value.
//
// A Scenario says which store there is, who does what to it at the same time,
// what is explored and what must hold.  It is read from a TOML file
// (parse/parse.h), made in C++ (builder.h), and written back as TOML
// (parse/write.h): a counterexample is a scenario too.
//
// The value is checked when it is made by the parser: every actor, point,
// promise and protocol it names exists, and every operation parses.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/cli/command.h"
#include "engine/format/names.h"
#include "model/explore/explore.h"

namespace unswept::scenarios {

using Seconds = std::chrono::seconds;

/// A place in a scenario file, counted from 1; line 0 means "nowhere in particular".
struct Location {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// Names of chunks: "c1" stands for a tiny chunk whose content follows from its name.
using ChunkNames = std::vector<std::string>;

struct ArchiveSpec {
  std::string name;  // "drive.img.fidx"
  ChunkNames chunks;
};

struct SnapshotSpec {
  engine::Namespace ns;
  engine::SnapshotId id;
  std::vector<ArchiveSpec> archives;
  bool is_finished = true;  // has a manifest
  bool is_protected = false;
};

struct StoreSpec {
  std::vector<engine::Namespace> namespaces;
  std::string import_directory;  // a real datastore to start from; empty: build one
  std::string import_locks;      // its lock directory, if lock files matter
  Seconds chunk_age = std::chrono::hours{48};
  /// Nothing is "strict": time passes before each GC so that only marks and writes since its start
  /// protect a chunk.
  std::optional<Seconds> gc_cutoff;
  std::vector<SnapshotSpec> snapshots;
  ChunkNames orphans;
};

struct OperationSpec {
  std::string text;  // as written, as it would be typed for unswept-store
  engine::Command command;
};

struct ActorSpec {
  std::string name;
  std::string process = "daemon";
  std::vector<std::string> after;
  bool stop_on_error = false;
  bool must_succeed = false;
  std::vector<OperationSpec> operations;
};

enum class SearchMode : std::uint8_t {
  exhaustive,
  optimal,
  stateful,
  naive,
  automatic,
  random,
  pct,
  pos,
  surw,
  pinned
};

/// How the names of a directory come: in one order, or in every order.  `listed` is for single
/// directories only.
enum class DirectoryOrder : std::uint8_t { sorted, reversed, all, listed };

struct DirectorySpec {
  std::string path;  // below the store: "ns", "ns/a/vm"; "." is the store itself
  DirectoryOrder order = DirectoryOrder::all;
  std::vector<std::string> names = {};  // of a listed order; the others come last, sorted
};

/// A named point as files refer to it: move.journal.appended(detail)#2.
struct PointRef {
  std::string name;
  std::optional<std::string> detail;
  std::uint32_t hit = 0;  // 0: any
};

/// One line of a pinned order: the actor runs until it has passed the point, or until it is done.
struct PinnedRun {
  std::string actor;
  std::optional<PointRef> until;
};

struct Bounds {
  std::optional<std::uint32_t> timeouts;
  std::optional<std::uint32_t> preemptions;
  std::optional<std::uint32_t> delays;
  std::optional<std::uint64_t> steps;       // of one execution
  std::optional<std::uint64_t> executions;  // in all
  std::optional<Seconds> time;              // of real time, in all
};

struct ExploreSpec {
  SearchMode mode = SearchMode::exhaustive;
  DirectoryOrder readdir = DirectoryOrder::sorted;  // of directories not named below
  std::vector<DirectorySpec> directories;
  std::uint32_t readdir_batch = 0;  // 0: a whole directory at a time
  Bounds bounds;
  /// Explored again and again with this bound at 0, 1, 2, ...
  model::Raised raised = model::Raised::none;
  std::uint64_t seed = 1;
  std::uint64_t memory = std::uint64_t{1} << 30;  // bytes, for what is remembered of states
  std::uint32_t pct_depth = 3;
  /// Of executions that differ in which of interchangeable actors is which, one is explored.
  bool symmetry = true;
  std::vector<PinnedRun> order;
};

/// `point`, or `point` between `after` and `before`.
struct SometimesSpec {
  std::string text;
  PointRef point;
  std::optional<PointRef> after;
  std::optional<PointRef> before;
};

struct CheckSpec {
  std::vector<std::string> promises;
  std::vector<SometimesSpec> sometimes;
};

enum class ExpectedVerdict : std::uint8_t { pass, violation, deadlock, inconclusive };

struct Expectation {
  ExpectedVerdict verdict = ExpectedVerdict::pass;
  std::string promise;  // of a violation; empty: any
};

/// The decisions of one run, as the checker wrote them down.
struct TraceSpec {
  std::string protocol;
  std::string decisions;
};

struct Scenario {
  std::string name;
  std::string about;
  StoreSpec store;
  std::vector<ActorSpec> actors;
  ExploreSpec explore;
  CheckSpec check;
  std::map<std::string, Expectation> expect;  // by protocol
  std::optional<TraceSpec> trace;
};

}  // namespace unswept::scenarios
