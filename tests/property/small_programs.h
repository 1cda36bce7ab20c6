// tests/property/small_programs.h: generated programs for cross-checks, many and small.
//
// Brute force pays for every schedule, so most of what a cross-check can spend would go into the
// few largest programs, and these show nothing that small ones do not: each mutant of the
// reductions is caught among them (reductions.test.cpp, stateful.test.cpp).  So sizes are mixed,
// from two actors with a handful of steps to four with one or two.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "model/explore/mix.h"
#include "tests/property/toy_generator.h"

namespace unswept::tests {

/// What programs of a kind may use.
struct ProgramKind {
  const char* name;
  ToyProfile profile;  // actors and steps aside
};

inline constexpr ProgramKind kKinds[] = {
    {"plain accesses", {}},
    {"what a step touches depends on the store", {.indirect = true}},
    {"nothing but indirect accesses", {.plain = false, .indirect = true}},
    {"locks", {.locks = true}},
    {"choices", {.choices = true}},
    {"choices that decide what a step touches", {.choices = true, .scattered = true}},
    {"waiting and late actors", {.waits = true}},
    {"everything", {.indirect = true, .locks = true, .choices = true, .waits = true}},
};

struct ProgramSize {
  std::size_t actors;
  std::size_t steps;  // about; per actor
};
inline constexpr ProgramSize kSizes[] = {{2, 3}, {2, 4}, {2, 5}, {3, 2}, {3, 3}, {4, 1}, {4, 2}};

/// Number `number` of a kind.  In every second one nobody looks at results again, if that is so.
inline ToyText small_program(const ProgramKind& kind, std::uint64_t number) {
  model::Random random(model::mix(number));
  ToyProfile profile = kind.profile;
  const ProgramSize size = kSizes[random.below(static_cast<std::uint32_t>(std::size(kSizes)))];
  profile.actors = size.actors;
  profile.steps = size.steps;
  // Who waits has fewer schedules.
  if (profile.waits && !profile.locks && profile.actors < 4) ++profile.steps;
  // A section needs room for a lock, a step and an unlock.
  if (profile.locks && profile.actors < 4) profile.steps = std::max<std::size_t>(size.steps, 3);
  ToyText text = ToyGenerator(random.next(), profile).text();
  bool results_matter = number % 2 == 0;
  for (const auto& actor : text.actors)
    results_matter |= std::ranges::any_of(actor, [](const Instruction& i) {
      return i.op == Op::jump_if || i.op == Op::jump_unless || i.op == Op::check ||
             i.op == Op::store_sum;
    });
  text.registers_dead = !results_matter;
  return text;
}

/// Programs compared in all, if UNSWEPT_CROSSCHECK_PROGRAMS does not say.
inline constexpr std::uint64_t kProgramsByDefault = 24'000;
static_assert(kProgramsByDefault >= 20'000);
inline constexpr std::uint64_t kProgramsPerKind = kProgramsByDefault / std::size(kKinds);

inline std::uint64_t programs_per_kind() {
  const char* text = std::getenv("UNSWEPT_CROSSCHECK_PROGRAMS");
  if (text == nullptr) return kProgramsPerKind;
  const std::uint64_t all = std::strtoull(text, nullptr, 10);
  return (all + std::size(kKinds) - 1) / std::size(kKinds);
}

}  // namespace unswept::tests
