// Actors that keep to their stacks are put back by copies of these: on generated programs, each
// execution has the same situations, questions, steps, footprints, answers, fingerprints and
// violations as one that starts over, and ends in the same state.
#include <cstring>

#include "sim/sanitizers.h"
#include "sim/shared.h"
#include "tests/property/rewinding.h"

namespace unswept::tests {
namespace {

using sim::DirectoryOrder;
using sim::DirectoryPolicy;

/// What the actors of a generated program share.
struct Common {
  explicit Common(sim::World& machine)
      : world(machine),
        process(machine.add_process("one")),
        os(machine.system(process)),
        mutexes{os.make_mutex("m0"), os.make_mutex("m1")},
        variables{{machine, 0}, {machine, 0}},
        noted(machine.define_op("note")) {
    (void)os.mkdir("/d");
    for (const char* file : {"/d/f", "/d/g"})
      os.close(*os.open(file, os::Open::write | os::Open::create));
    fd = *os.open("/d/f", os::Open::read_write);
    machine.track_times();
    machine.set_directory_policy([](std::string_view) -> DirectoryPolicy {
      return {.order = DirectoryOrder::permuted, .batch = 1};
    });
  }

  sim::World& world;
  sim::ProcessId process;
  os::System& os;
  std::unique_ptr<os::Mutex> mutexes[2];
  sim::Shared<std::uint8_t> variables[2];
  model::OpCode noted;
  os::Fd fd = os::Fd::none;
};

/// Makes generated calls.  What comes next depends on what they answered; all of it is kept in this
/// object, and in arrays on the stack.
class FrugalActor {
 public:
  FrugalActor(Common& common, std::vector<os::DirEntry>& scratch, std::uint64_t seed)
      : common_(common), os_(common.os), scratch_(scratch), random_(seed) {}

  void make_calls(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) call(2);
  }

 private:
  void call(std::uint32_t depth) {
    switch (random_.below(12)) {
      case 0:
        return learn(variable().read());
      case 1:
        return learn(variable().fetch_add(1));
      case 2:
        return call_on_locks();
      case 3:
        return call_on_file();
      case 4:
        return call_on_names();
      case 5:
        return read_directory();
      case 6:
        return note();
      case 7:
        return memorise();
      case 8:
        return call_holding_mutex(depth);
      case 9:
        return call_and_throw(depth);
      case 10:
        return call_below_array(depth);
      default:
        os_.sleep(std::chrono::milliseconds(5));
        return learn(static_cast<std::uint64_t>(os_.now().seconds));
    }
  }

  /// What a call answered decides how the actor goes on.
  void learn(std::uint64_t answer) { random_ = model::Random(random_.next() ^ answer); }
  template <class T>
  void learn_error(const os::Result<T>& result) {
    learn(result ? 0 : static_cast<std::uint64_t>(result.error()));
  }

  sim::Shared<std::uint8_t>& variable() { return common_.variables[random_.below(2)]; }
  std::string_view path() {
    static constexpr std::string_view kPaths[] = {"/d/f", "/d/g", "/d/h", "/d"};
    return kPaths[random_.below(std::size(kPaths))];
  }
  os::Fd fd() const { return own_fd_ != os::Fd::none ? own_fd_ : common_.fd; }

  void call_on_locks() {
    const auto kind = random_.below(2) == 0 ? os::LockKind::shared : os::LockKind::exclusive;
    switch (random_.below(5)) {
      case 0:
        return learn_error(os_.flock(fd(), kind, os::Wait::none()));
      case 1:
        return learn_error(os_.flock(fd(), kind, os::Wait::at_most(std::chrono::seconds(1))));
      case 2:
        return learn_error(os_.flock(fd(), kind, os::Wait::forever()));
      case 3:
        return os_.funlock(fd());
      default:
        return learn_error(os_.record_lock(fd(), static_cast<os::RecordLock>(random_.below(3))));
    }
  }

  void call_on_file() {
    std::byte bytes[3] = {std::byte{1}, std::byte{2}, static_cast<std::byte>(random_.below(7))};
    switch (random_.below(4)) {
      case 0:
        learn_error(os_.pread(fd(), bytes, random_.below(2)));
        return learn(static_cast<std::uint64_t>(bytes[0]) << 8 |
                     static_cast<std::uint64_t>(bytes[1]));
      case 1:
        return learn_error(os_.pwrite(fd(), bytes, random_.below(2)));
      case 2:
        if (own_fd_ != os::Fd::none) os_.close(std::exchange(own_fd_, os::Fd::none));
        return;
      default:
        if (own_fd_ == os::Fd::none)
          own_fd_ = os_.open(path(), os::Open::read_write).value_or(os::Fd::none);
    }
  }

  void call_on_names() {
    switch (random_.below(4)) {
      case 0:
        return learn_error(os_.rename(path(), path()));
      case 1:
        return learn_error(os_.unlink(path()));
      case 2:
        return learn_error(os_.touch(path()));
      default:
        return learn_error(os_.stat(path()));
    }
  }

  /// The entries are forgotten before the next step.
  void read_directory() {
    const auto directory = os_.open("/d", os::Open::read | os::Open::directory);
    if (!directory) return;
    for (int batch = 0; batch < 2; ++batch) {
      (void)os_.read_directory(*directory, scratch_);
      for (const os::DirEntry& entry : scratch_)
        learn(static_cast<unsigned char>(entry.name.back()));
      scratch_.clear();
    }
    os_.close(*directory);
  }

  void note() {
    const std::uint64_t seen = common_.world.step(
        common_.noted,
        [](model::Footprint& footprint) {
          footprint.add(sim::ghost_object(1), model::Mode::write);
        },
        [this] { return common_.world.view().exists(common_.world.view().root()) ? 1U : 0U; },
        "note");
    learn(seen);
  }

  void memorise() {
    std::byte bytes[2];
    os_.random(bytes);
    learn(static_cast<std::uint64_t>(bytes[0]));
    if (random_.below(2) == 0) common_.world.forget();
    common_.world.remember(random_.next());
  }

  void call_holding_mutex(std::uint32_t depth) {
    if (holding_) return;
    holding_ = true;
    {
      os::MutexGuard guard(*common_.mutexes[random_.below(2)]);
      if (depth > 0) call(depth - 1);
    }
    holding_ = false;
  }

  /// Takes a step while an exception is in flight, and one while it is handled.
  void call_and_throw(std::uint32_t depth) {
    struct AddOnExit {
      ~AddOnExit() { variable.fetch_add(1); }
      sim::Shared<std::uint8_t>& variable;
    };
    try {
      const AddOnExit on_exit{variable()};
      if (depth > 0) call(depth - 1);
      throw static_cast<int>(random_.below(100));
    } catch (const int number) {
      if (random_.below(2) == 0) learn(variable().read());
      learn(static_cast<std::uint64_t>(number));
    }
  }

  /// Lays down some hundred bytes, and reads them again after a call that is made above them.
  void call_below_array(std::uint32_t depth) {
    volatile std::uint64_t numbers[160];
    const std::uint32_t used = random_.below(std::size(numbers));
    for (std::uint32_t i = 0; i < used; ++i) numbers[i] = random_.next();
    if (depth > 0) call(depth - 1);
    for (std::uint32_t i = 0; i < used; ++i) learn(numbers[i]);
    learn(variable().read());
  }

  Common& common_;
  os::System& os_;
  std::vector<os::DirEntry>& scratch_;
  model::Random random_;
  os::Fd own_fd_ = os::Fd::none;
  bool holding_ = false;
};

enum class Promises : std::uint8_t { all, all_but_one, none };

/// Generated actors, one of which spawns another and perhaps waits for it; one begins when another
/// has ended.
class FrugalProgram final : public WorldProgram {
 public:
  FrugalProgram(std::size_t actors, std::size_t calls, std::uint64_t seed,
                Promises promises = Promises::all)
      : common_(world_) {
    const bool promise = promises != Promises::none;
    const ActorId child = add({.name = "child", .spawned = true, .joinable = true}, promise,
                              [=, this] { make_calls(0, 2, seed); });
    const ActorId parent = add({.name = "parent"}, promises == Promises::all, [=, this] {
      make_calls(1, 1, seed);
      world_.spawn(child);
      make_calls(1, calls, seed + 1);
      if (seed % 2 == 0) world_.join(child);
      if (seed % 3 == 0 && common_.variables[0].read() > 1) world_.violate("at-most-1", "two");
      if (seed % 7 == 0 && common_.variables[0].read() > 1) world_.stop();
      if (seed % 5 == 0 && common_.variables[0].read() > 0) throw seed;
    });
    for (std::size_t i = 2; i <= actors; ++i)
      add({.name = "actor"}, promise, [=, this] { make_calls(i, calls, seed); });
    if (seed % 4 == 0)
      add({.name = "heir", .after = {parent}}, promise, [=, this] { make_calls(8, 2, seed); });
    world_.seal();
  }

  /// How often the code of an actor ran from its beginning.
  std::size_t lives() const { return lives_; }
  void set_monitor(sim::Monitor* monitor) { world_.set_monitor(monitor); }

 private:
  ActorId add(sim::ActorOptions options, bool promise, std::function<void()> body) {
    options.process = common_.process;
    options.keeps_to_its_stack = promise;
    return world_.add_actor(std::move(options), std::move(body));
  }
  void make_calls(std::size_t actor, std::size_t calls, std::uint64_t seed) {
    ++lives_;
    FrugalActor(common_, scratch_, seed * model::kActorsMax + actor).make_calls(calls);
  }

  Common common_;
  std::vector<os::DirEntry> scratch_;
  std::size_t lives_ = 0;
};

/// Returns how many steps did not have to be taken.
std::size_t compare_all(FrugalProgram& program) {
  return compare_rewinding(program, model::Strategy::naive) +
         compare_rewinding(program, model::Strategy::dpor) +
         compare_rewinding(program, model::Strategy::optimal);
}

}  // namespace

TEST_CASE("stack copies: generated actors cannot tell them from starting over",
          "[rewinding][sim]") {
  std::size_t kept = 0;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    INFO("seed " << seed);
    FrugalProgram two(2, 5, seed);
    kept += compare_all(two);
    FrugalProgram three(3, 3, seed);
    kept += compare_all(three);
  }
  CHECK(kept > 100'000);
}

TEST_CASE("stack copies: from any step of any run, given up or not", "[rewinding][sim]") {
  std::size_t kept = 0;
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    INFO("seed " << seed);
    FrugalProgram program(3, 12, seed);
    kept += rewind_anywhere(program, seed, GoesBack::at_least);
  }
  CHECK(kept > 10'000);
}

TEST_CASE(
    "stack copies: code is repeated where not all actors promise to keep to their stacks, "
    "or somebody listens",
    "[rewinding][sim]") {
  class Listener final : public sim::Monitor {
  } listener;
  const auto lives = [](Promises promises, sim::Monitor* monitor) {
    FrugalProgram program(2, 5, 1, promises);
    program.set_monitor(monitor);
    CHECK(compare_rewinding(program, model::Strategy::naive) > 0);
    return program.lives();
  };
  const std::size_t repeated = lives(Promises::none, nullptr);
  CHECK(lives(Promises::all_but_one, nullptr) == repeated);
  CHECK(lives(Promises::all, &listener) == repeated);
  if (sim::sanitizers::kStacksMayBePutBack)
    CHECK(lives(Promises::all, nullptr) < repeated * 2 / 3);
  else
    CHECK(lives(Promises::all, nullptr) == repeated);
}

TEST_CASE("stack copies: a listener that comes or goes between runs changes nothing",
          "[rewinding][sim]") {
  class Listener final : public sim::Monitor {
  } listener;
  FrugalProgram program(2, 5, 3);
  for (const bool listening : {false, true, false, true}) {
    program.set_monitor(listening ? &listener : nullptr);
    CHECK(compare_rewinding(program, model::Strategy::naive) > 0);
  }
}

// What the tests above would see if copies left something out.
TEST_CASE("stack copies: an actor that breaks its promise is not where it was",
          "[rewinding][sim]") {
  if (!sim::sanitizers::kStacksMayBePutBack) return;
  class Hoarder final : public WorldProgram {
   public:
    Hoarder() : x_(world_, 0) {
      const auto process = world_.add_process("one");
      for (int i = 0; i < 2; ++i)
        world_.add_actor({.name = "hoarder", .process = process, .keeps_to_its_stack = true},
                         [this] {
                           taken_ = 0;
                           for (int k = 0; k < 4; ++k) x_.write(++taken_);
                         });
      world_.seal();
    }

   private:
    sim::Shared<int> x_;
    int taken_ = 0;  // kept across steps, and not on the stack
  } hoarder;
  model::ExploreOptions options;
  options.strategy = model::Strategy::naive;
  Witness from_start(hoarder, Witness::Rewinding::no);
  model::explore(from_start, options);
  Witness rewinding(hoarder, Witness::Rewinding::yes);
  model::explore(rewinding, options);
  CHECK(rewinding.executions() != from_start.executions());
}

}  // namespace unswept::tests
