// The literature's benchmarks have known numbers of Mazurkiewicz traces.
#include "tests/model/literature.h"

#include "model/explore/explore.h"
#include "tests/catch.h"

namespace unswept::tests {
namespace {

model::ExploreResult explored(const ToyText& text, model::Strategy strategy) {
  ToyProgram program(text);
  model::ExploreOptions options;
  options.strategy = strategy;
  const model::ExploreResult result = model::explore(program, options);
  CHECK(result.verdict == model::Verdict::pass);
  CHECK(result.complete);
  return result;
}

/// Of both reductions; the optimal one gives none up.
std::uint64_t executions(const ToyText& text) {
  const model::ExploreResult optimal = explored(text, model::Strategy::optimal);
  CHECK(optimal.blocked == 0);
  CHECK_FALSE(optimal.gave_way);
  CHECK(optimal.executions == explored(text, model::Strategy::dpor).executions);
  return optimal.executions;
}

std::uint64_t factorial(std::uint64_t n) { return n == 0 ? 1 : n * factorial(n - 1); }

}  // namespace

TEST_CASE("dpor: readers(n) has 2^n traces", "[dpor][literature]") {
  for (std::int32_t n = 0; n <= 10; ++n) CHECK(executions(readers(n)) == 1ULL << n);
}

TEST_CASE("dpor: lastzero(n) has (n+3) 2^(n-2) traces", "[dpor][literature]") {
  for (std::int32_t n = 2; n <= 9; ++n)
    CHECK(executions(lastzero(n)) == static_cast<std::uint64_t>(n + 3) << (n - 2));
}

TEST_CASE("dpor: indexer(n) has one trace up to 11 threads and 8 times more with each further one",
          "[dpor][literature]") {
  for (std::int32_t n = 1; n <= 11; ++n) CHECK(executions(indexer(n)) == 1);
  for (std::int32_t n = 12; n <= 14; ++n) CHECK(executions(indexer(n)) == 1ULL << (3 * (n - 11)));
}

TEST_CASE("dpor: filesystem(n) has one trace up to 13 threads and twice as many with each further",
          "[dpor][literature]") {
  for (std::int32_t n = 1; n <= 13; ++n) CHECK(executions(filesystem(n)) == 1);
  for (std::int32_t n = 14; n <= 18; ++n) CHECK(executions(filesystem(n)) == 1ULL << (n - 13));
}

TEST_CASE("dpor: fib(n) has 3, 19, 141, 1107, 8953 traces", "[dpor][literature]") {
  const std::uint64_t traces[] = {3, 19, 141, 1107, 8953};
  for (std::int32_t n = 1; n <= 5; ++n) CHECK(executions(fib(n)) == traces[n - 1]);
}

TEST_CASE("dpor: sigma(n) has (2n-1)!! traces", "[dpor][literature]") {
  const std::uint64_t traces[] = {1, 3, 15, 105, 945, 10395};
  for (std::int32_t n = 1; n <= 6; ++n) CHECK(executions(sigma(n)) == traces[n - 1]);
}

TEST_CASE("dpor: lastwrite(n) has n! traces", "[dpor][literature]") {
  for (std::int32_t n = 1; n <= 7; ++n)
    CHECK(executions(lastwrite(n)) == factorial(static_cast<std::uint64_t>(n)));
}

TEST_CASE("dpor: account(n) has (2n+1)! traces", "[dpor][literature]") {
  for (std::int32_t n = 1; n <= 3; ++n)
    CHECK(executions(account(n)) == factorial(2 * static_cast<std::uint64_t>(n) + 1));
}

TEST_CASE("dpor: shared(t,k) has (tk)!/(k!)^t traces", "[dpor][literature]") {
  CHECK(executions(shared(2, 5)) == 252);
  CHECK(executions(shared(2, 8)) == 12870);
  CHECK(executions(shared(3, 3)) == 1680);
}

TEST_CASE("dpor: distinct(t,k) has one trace", "[dpor][literature]") {
  CHECK(executions(distinct(2, 10)) == 1);
  CHECK(executions(distinct(5, 20)) == 1);
}

}  // namespace unswept::tests
