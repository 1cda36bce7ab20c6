// Fibers by themselves: switching, exceptions, deep stacks.
#include "sim/fiber.h"

#include <csignal>
#include <exception>
#include <functional>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "tests/catch.h"

using namespace unswept::sim;

namespace {

/// Runs a function on a fiber, again and again.
class TestFiber {
 public:
  TestFiber(FiberGroup& group, StackPool& stacks, Fiber& main, std::function<void()> body)
      : group_(group), main_(main), body_(std::move(body)), fiber_(group, stacks, &run, this) {}

  Fiber& fiber() { return fiber_; }

 private:
  static void run(void* argument) {
    TestFiber& self = *static_cast<TestFiber*>(argument);
    for (;;) {
      self.body_();
      self.group_.switch_to(self.main_);
    }
  }

  FiberGroup& group_;
  Fiber& main_;
  std::function<void()> body_;
  Fiber fiber_;
};

/// Uses about `bytes` of stack.
int dig(std::size_t bytes) {
  volatile char block[1024];
  block[0] = static_cast<char>(bytes);
  if (bytes <= sizeof(block)) return block[0];
  return dig(bytes - sizeof(block)) + block[0];
}

/// Whether a child process that does this dies of a segmentation fault.
bool faults(const std::function<void()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGSEGV, SIG_DFL);
    body();
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status) || WEXITSTATUS(status) != 0;
}

}  // namespace

TEST_CASE("fiber: fibers switch to each other directly", "[sim][fiber]") {
  StackPool stacks(64 * 1024);
  FiberGroup group;
  Fiber main(group);
  std::vector<int> order;
  Fiber* third = nullptr;
  TestFiber first(group, stacks, main, [&] {
    order.push_back(1);
    group.switch_to(*third);
    order.push_back(3);
  });
  TestFiber second(group, stacks, main, [&] {
    order.push_back(2);
    group.switch_to(first.fiber());
  });
  third = &second.fiber();
  group.switch_to(first.fiber());
  CHECK(order == std::vector{1, 2, 3});
  CHECK(&group.running() == &main);
}

TEST_CASE("fiber: each fiber has its own exceptions in flight", "[sim][fiber]") {
  StackPool stacks(64 * 1024);
  FiberGroup group;
  Fiber main(group);
  int seen_inside = -1;
  TestFiber other(group, stacks, main, [&] {
    seen_inside = std::uncaught_exceptions();
    try {
      throw std::logic_error("inner");
    } catch (const std::logic_error&) {
      group.switch_to(main);  // leaves with a caught exception
    }
  });
  struct SwitchOnExit {
    FiberGroup& group;
    Fiber& to;
    ~SwitchOnExit() { group.switch_to(to); }
  };
  try {
    const SwitchOnExit on_exit{group, other.fiber()};
    throw std::runtime_error("outer");
  } catch (const std::runtime_error& error) {
    CHECK(std::string(error.what()) == "outer");
    group.switch_to(other.fiber());
    CHECK(std::current_exception() != nullptr);
  }
  CHECK(seen_inside == 0);
  CHECK(std::uncaught_exceptions() == 0);
}

TEST_CASE("fiber: a fiber that is put back goes on where it was, with all that was on its stack",
          "[sim][fiber]") {
  if (!sanitizers::kStacksMayBePutBack) return;
  StackPool stacks(64 * 1024);
  FiberGroup group;
  Fiber main(group);
  std::vector<int> heard;
  const std::function<void(int)> count_down = [&](int number) {
    int numbers[20] = {number};
    group.switch_to(main);
    heard.push_back(numbers[0]++);
    if (number > 0) count_down(number - 1);
    group.switch_to(main);
    heard.push_back(numbers[0]);
  };
  TestFiber counter(group, stacks, main, [&] { count_down(2); });
  Fiber& fiber = counter.fiber();
  std::vector<std::vector<std::byte>> copies;
  for (int moment = 0; moment < 6; ++moment) {
    copies.emplace_back(fiber.used_stack().begin(), fiber.used_stack().end());
    group.switch_to(fiber);
  }
  CHECK(heard == std::vector{2, 1, 0, 1, 2});
  CHECK(copies[3].size() > copies[1].size());
  for (const std::size_t moment : {3U, 1U, 5U, 0U, 2U}) {
    heard.clear();
    fiber.put_back(copies[moment]);
    for (std::size_t at = moment; at < 6; ++at) group.switch_to(fiber);
    const std::vector all{2, 1, 0, 1, 2};
    const std::size_t known = moment == 0 ? 0 : moment - 1;
    CHECK(heard == std::vector(all.begin() + static_cast<std::ptrdiff_t>(known), all.end()));
  }
}

TEST_CASE("fiber: a stack holds what it was made for, and one that overflows faults",
          "[sim][fiber]") {
  const auto run = [](std::size_t bytes) {
    StackPool stacks(256 * 1024);
    FiberGroup group;
    Fiber main(group);
    TestFiber digger(group, stacks, main, [&] { (void)dig(bytes); });
    group.switch_to(digger.fiber());
  };
  run(128 * 1024);
  CHECK_FALSE(faults([&] { run(128 * 1024); }));
  CHECK(faults([&] { run(1024 * 1024); }));
}

TEST_CASE("stack pool: a stack that is given back is taken again", "[sim][fiber]") {
  StackPool stacks(10'000);
  const Stack first = stacks.take();
  CHECK(first.size % 4096 == 0);
  CHECK(first.size >= 10'000);
  stacks.give_back(first);
  const Stack again = stacks.take();
  CHECK(again.bottom == first.bottom);
  stacks.give_back(again);
}
