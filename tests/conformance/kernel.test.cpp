// The simulated file system and the kernel's give the same answers.
//
// UNSWEPT_CONFORMANCE_STEPS: how many calls to compare (default 40 000).
// UNSWEPT_CONFORMANCE_SEED: where to begin (default 1).
#include <cstdlib>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/world.h"
#include "tests/catch.h"
#include "tests/conformance/generator.h"
#include "tests/conformance/pair.h"
#include "tests/engine/temporary_directory.h"
#include "tests/sim/choosers.h"

using namespace unswept;

namespace {

constexpr std::size_t kCallsPerSequence = 80;
// Deep enough that ".." leads to nothing but other directories of the test.
constexpr std::string_view kDepth = "/1/2/3/4/5/6/7/8";

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

void make_path(os::System& system, std::string_view path) {
  for (std::size_t at = 1; at != std::string_view::npos;) {
    at = path.find('/', at + 1);
    (void)system.mkdir(path.substr(0, at), 0777);
  }
}

struct Sequence {
  bool agreed = true;
  std::size_t calls = 0;
  std::string trace;
};

/// One process's worth of generated calls, made by an actor so that footprints are checked, too.
class SequenceRunner {
 public:
  SequenceRunner() {
    process_ = world_.add_process("one");
    const auto other_process = world_.add_process("two");
    make_path(world_.system(process_), kDepth);
    world_.symlink("a", std::string(kDepth) + "/link");
    world_.symlink("../8/b", std::string(kDepth) + "/up");
    world_.track_times();
    world_.set_checked(true);
    world_.add_actor({.name = "caller", .process = process_}, [this, other_process] {
      play(world_.system(process_), world_.system(other_process));
    });
    world_.seal();
  }

  Sequence run(std::uint64_t seed, const std::string& real_base) {
    seed_ = seed;
    real_base_ = real_base;
    result_ = {};
    sim::testing::FirstChooser chooser;
    const auto ending = world_.run(chooser);
    if (!ending.violations.empty()) result_.trace += ending.violations[0].explanation;
    result_.agreed = result_.agreed && ending.violations.empty();
    return result_;
  }

 private:
  void play(os::System& system, os::System& other_system) {
    conformance::Pair pair(system, other_system, other_, real_base_, std::string(kDepth));
    conformance::Generator generator(seed_, pair);
    while (result_.agreed && result_.calls < kCallsPerSequence) {
      result_.agreed = generator.call();
      ++result_.calls;
    }
    result_.agreed = result_.agreed && pair.same_trees();
    if (result_.agreed) return;
    for (const std::string& line : pair.trace()) result_.trace += line + '\n';
  }

  sim::World world_;
  sim::ProcessId process_{};
  conformance::OtherProcess other_;
  std::uint64_t seed_ = 0;
  std::string real_base_;
  Sequence result_;
};

/// A fresh real tree as the world's.
void make_real_tree(const std::string& root) {
  std::filesystem::remove_all(root + "/1");
  const std::string base = root + std::string(kDepth);
  std::filesystem::create_directories(base);
  std::filesystem::create_symlink("a", base + "/link");
  std::filesystem::create_symlink("../8/b", base + "/up");
}

}  // namespace

TEST_CASE("conformance: generated calls get the kernel's answers", "[conformance]") {
  const mode_t umask_before = ::umask(0);
  const std::uint64_t calls_wanted = setting("UNSWEPT_CONFORMANCE_STEPS", 40'000);
  const test::TemporaryDirectory directory;
  SequenceRunner runner;
  std::uint64_t seed = setting("UNSWEPT_CONFORMANCE_SEED", 1);
  for (std::uint64_t calls = 0; calls < calls_wanted; ++seed) {
    make_real_tree(directory.path());
    const Sequence sequence = runner.run(seed, directory.path() + std::string(kDepth));
    INFO("seed " << seed << '\n' << sequence.trace);
    REQUIRE(sequence.agreed);
    calls += sequence.calls;
  }
  ::umask(umask_before);
}
