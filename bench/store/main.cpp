// Marking and sweeping against the least that they could cost: the tables "The engine on a disk" of
// bench/README.md.
//
//     unswept-store-bench [--directory DIR] [--full] [--rounds N] ...
//
// Builds a store, then takes the engine and the bare loops in turn, round by round, and prints the
// medians of the rounds.  A ratio is that of two neighbours in time, so that both had the same
// machine.
#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

#include "bench/store/bare_loops.h"
#include "bench/store/peak_memory.h"
#include "bench/store/shape.h"
#include "bench/store/stopwatch.h"
#include "bench/store/synthetic_store.h"
#include "engine/ops/garbage_collection.h"
#include "engine/ops/gc/mark.h"
#include "engine/ops/gc/sweep.h"
#include "engine/os/knowledge.h"
#include "engine/os/posix/task_threads.h"

namespace unswept::bench {
namespace {

namespace fs = std::filesystem;
using engine::Result;

struct Options {
  std::string directory;
  std::uint64_t chunks = 0;
  bool full = false;
  unsigned rounds = 5;
  unsigned jobs = 2;
  std::string shape;
  std::string tool;
  bool keep = false;
};

template <class Work>
Result<Seconds> timed(Work work) {
  const Stopwatch stopwatch;
  if (auto done = work(); !done) return engine::forward_error(done);
  return stopwatch.elapsed();
}

/// The same work as the engine does it, and bare.
struct Comparison {
  std::vector<double> engine_seconds;
  std::vector<double> bare_seconds;
  std::vector<double> wall_ratios;  // bare time by the engine's: 1 is the limit
  std::vector<double> cpu_ratios;
  std::vector<double> caller_ratios;

  void add(const Seconds& engine, const Seconds& bare) {
    engine_seconds.push_back(engine.wall);
    bare_seconds.push_back(bare.wall);
    wall_ratios.push_back(bare.wall / engine.wall);
    cpu_ratios.push_back(bare.cpu / engine.cpu);
    caller_ratios.push_back(bare.caller_cpu / engine.caller_cpu);
  }

  void print(std::string_view name, std::uint64_t items) const {
    const auto rate = [items](const std::vector<double>& seconds) {
      return static_cast<double>(items) / median(seconds);
    };
    fmt::print("| {} | {:.0f} | {:.0f} | {:.2f} | {:.2f} | {:.2f} |\n", name, rate(engine_seconds),
               rate(bare_seconds), median(wall_ratios), median(cpu_ratios), median(caller_ratios));
    std::fflush(stdout);
  }
};

class Bench {
 public:
  Bench(const Options& options, os::System& system, SyntheticStore store)
      : options_(options),
        process_(system),
        synthetic_(std::move(store)),
        store_(system, process_, synthetic_.config(), engine::default_protocol()) {}

  Result<> run(const Shape& shape) {
    if (auto arranged = synthetic_.arrange(shape); !arranged) return arranged;
    fmt::print("\n{}: {} chunks, {} snapshots, {} references; median of {} rounds\n\n", shape.name,
               synthetic_.chunks(), shape.snapshots(), synthetic_.references(), options_.rounds);
    fmt::print(
        "| | engine, chunks/s | bare, chunks/s | ratio (wall) | ratio (CPU) | ratio (CPU of one "
        "thread) |\n|---|---|---|---|---|---|\n");
    if (auto done = compare_mark(); !done) return done;
    if (auto done = compare_sweep(); !done) return done;
    return measure_memory();
  }

 private:
  Result<> compare_mark() {
    auto digests = chunks_in_mark_order(store_);
    if (!digests) return forward_error(digests);
    for (const auto paths : {TouchLoop::Paths::absolute, TouchLoop::Paths::relative}) {
      auto loop = TouchLoop::prepare(store_, *digests, paths);
      if (!loop) return forward_error(loop);
      const bool absolute = paths == TouchLoop::Paths::absolute;
      auto compared = compare([&] { return mark(1); }, [&] { return loop->run(); });
      if (!compared) return forward_error(compared);
      compared->print(absolute ? "mark / utimensat" : "mark / utimensat, relative paths",
                      digests->size());
      if (!absolute) continue;
      compared = compare([&] { return mark(options_.jobs); }, [&] { return loop->run(); });
      if (!compared) return forward_error(compared);
      compared->print(fmt::format("mark, {} jobs / utimensat, one thread", options_.jobs),
                      digests->size());
    }
    return {};
  }

  Result<> compare_sweep() {
    StatWalk walk(store_);
    auto compared = compare([&] { return sweep(); }, [&] { return walk.run(); });
    if (!compared) return forward_error(compared);
    compared->print("sweep / readdir and fstatat", synthetic_.chunks());
    return {};
  }

  /// One round more than asked for comes first and is thrown away.
  template <class Engine, class Bare>
  Result<Comparison> compare(Engine engine, Bare bare) {
    Comparison comparison;
    for (unsigned round = 0; round <= options_.rounds; ++round) {
      auto bare_time = timed(bare);
      if (!bare_time) return engine::forward_error(bare_time);
      auto engine_time = timed(engine);
      if (!engine_time) return engine::forward_error(engine_time);
      if (round > 0) comparison.add(*engine_time, *bare_time);
    }
    return comparison;
  }

  Result<> mark(unsigned jobs) {
    const os::Known known(store_.system(), "bench", [](os::Gist&) {});  // nobody asks
    engine::Marker marker(store_, engine::GcOptions{}.cache_capacity, jobs, threads_);
    if (auto marked = engine::MarkPhase(store_, marker).run(known); !marked) return marked;
    if (marker.missing_chunks() == 0) return {};
    return engine::fail(engine::ErrorKind::invalid, "the store of the benchmark lacks chunks");
  }

  /// Nothing is old enough to go.
  Result<> sweep() {
    const os::Known known(store_.system(), "bench", [](os::Gist&) {});
    engine::GcStatus status;
    if (auto swept = engine::sweep(store_, {0, 0}, status, known); !swept) return swept;
    if (status.disk_chunks >= synthetic_.chunks() && status.removed_chunks == 0) return {};
    return engine::fail(engine::ErrorKind::invalid, "the sweep did not find all chunks");
  }

  Result<> measure_memory() {
    auto run = run_and_watch({options_.tool, "--store", store_.base(), "--lock-dir",
                              store_.config().lock_dir, "gc", "--no-atime-check"});
    if (!run) return forward_error(run);
    if (run->exit_code != 0)
      return engine::fail(engine::ErrorKind::io, "unswept-store gc ended with exit code " +
                                                     std::to_string(run->exit_code));
    fmt::print("\npeak memory of unswept-store gc: {:.1f} MiB\n",
               static_cast<double>(run->peak_kib) / 1024.0);
    return {};
  }

  const Options& options_;
  engine::Process process_;
  SyntheticStore synthetic_;
  engine::Datastore store_;
  os::TaskThreads threads_;
};

/// Where the store is; removed at the end unless it is to be kept.
class Workplace {
 public:
  explicit Workplace(const Options& options) : keep_(options.keep) {
    const fs::path parent =
        options.directory.empty() ? fs::temp_directory_path() : fs::absolute(options.directory);
    std::string name = (parent / "unswept-store-bench-XXXXXX").string();
    fs::create_directories(parent);
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  ~Workplace() {
    std::error_code ignored;
    if (!keep_ && !path_.empty()) fs::remove_all(path_, ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  const fs::path& path() const { return path_; }

 private:
  bool keep_;
  fs::path path_;
};

Result<> run(const Options& options) {
  const Workplace workplace(options);
  if (workplace.path().empty())
    return engine::fail(engine::ErrorKind::io, "no directory can be made in '" + options.directory +
                                                   "'; name another one with --directory");
  os::PosixOptions unowned;
  unowned.service_user.clear();
  os::PosixSystem system(unowned);
  const Stopwatch stopwatch;
  auto store = SyntheticStore::make(system, workplace.path(), options.chunks);
  if (!store) return forward_error(store);
  fmt::print("store in {}, made in {:.1f} s\n", store->config().base, stopwatch.elapsed().wall);
  Bench bench(options, system, std::move(*store));
  for (const Shape& shape : kShapes)
    if (options.shape.empty() || options.shape == shape.name)
      if (auto done = bench.run(shape); !done) return done;
  return {};
}

std::vector<std::string> shape_names() {
  std::vector<std::string> names;
  for (const Shape& shape : kShapes) names.emplace_back(shape.name);
  return names;
}

int main_of(int argc, char** argv) {
  Options options;
  options.tool = (fs::read_symlink("/proc/self/exe").parent_path() / "unswept-store").string();
  CLI::App app("Measures marking and sweeping against bare loops of system calls.");
  app.add_option("--directory", options.directory,
                 "where to make the store, for a moment (default: the temporary directory)");
  app.add_option("--chunks", options.chunks, "how many chunks (default: 100 000)");
  app.add_flag("--full", options.full, "one million chunks");
  app.add_option("--rounds", options.rounds, "how often each is measured")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--jobs", options.jobs, "tasks of a mark with several")
      ->capture_default_str()
      ->check(CLI::Range(1U, engine::kGcJobsMax));
  app.add_option("--shape", options.shape, "only this one")->check(CLI::IsMember(shape_names()));
  app.add_option("--tool", options.tool, "the unswept-store whose memory is measured")
      ->check(CLI::ExistingFile);
  app.add_flag("--keep", options.keep, "leave the store where it is");
  CLI11_PARSE(app, argc, argv);
  if (options.chunks == 0) options.chunks = options.full ? kFullChunks : kQuickChunks;

  if (auto done = run(options); !done) {
    fmt::print(stderr, "unswept-store-bench: {}\n", done.error().message);
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace unswept::bench

int main(int argc, char** argv) { return unswept::bench::main_of(argc, argv); }
