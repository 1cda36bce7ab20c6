// tests/property/toy_generator.h: small random programs for cross-checks.
//
// Everything that a reduction could stumble over is on offer: plain and indirect
// accesses, updates that commute, locks of each kind (properly nested, so that a
// release always ends an acquisition), awaited values, choices whose number or
// effect depends on the store, actors started late.  A seed gives the same program
// on every machine.
#pragma once

#include <cstdint>

#include "model/explore/mix.h"
#include "tests/model/toy_program.h"

namespace unswept::tests {

/// What the generator may use.
struct ToyProfile {
  bool plain = true;
  bool indirect = false;
  bool locks = false;
  bool choices = false;
  bool scattered = false;  // choices that decide what the step touches
  bool waits = false;
  std::size_t actors = 2;
  std::size_t steps = 4;  // about; per actor
};

class ToyGenerator {
 public:
  ToyGenerator(std::uint64_t seed, const ToyProfile& profile) : random_(seed), profile_(profile) {}

  ToyText text() {
    ToyText text;
    text.variables = kVariables;
    text.locks = kLocks;
    for (std::size_t v = 0; v < kVariables; ++v) text.initial.push_back(number(3));
    for (std::size_t a = 0; a < profile_.actors; ++a) text.actors.push_back(actor());
    if (profile_.waits && number(3) == 0) spawn_the_last(text);
    return text;
  }

 private:
  static constexpr std::size_t kVariables = 4;
  static constexpr std::size_t kLocks = 2;

  std::int32_t number(std::uint32_t bound) {
    return static_cast<std::int32_t>(random_.below(bound));
  }
  std::int32_t variable() { return number(kVariables); }
  std::int32_t reg() { return number(3); }

  std::vector<Instruction> actor() {
    std::vector<Instruction> code;
    for (std::size_t steps = 0; steps < profile_.steps;)
      steps += block(code, profile_.steps - steps);
    if (number(2) == 0) code.push_back({Op::check, reg(), number(2)});
    return code;
  }

  /// Appends one or more steps, at most `room`, and says how many.
  std::size_t block(std::vector<Instruction>& code, std::size_t room) {
    if (profile_.locks && room >= 3 && number(3) == 0) return section(code, room);
    if (number(6) == 0) return skipped(code);
    code.push_back(step());
    return 1;
  }

  std::size_t section(std::vector<Instruction>& code, std::size_t room) {
    const std::int32_t lock = number(kLocks);
    const std::int32_t kind = number(3);
    const std::size_t inside =
        1 + static_cast<std::size_t>(number(static_cast<std::uint32_t>(room - 2)));
    std::size_t jump = 0;
    if (kind == 0) code.push_back({Op::lock, lock});
    if (kind == 1) code.push_back({Op::lock_shared, lock});
    if (kind == 2) {
      code.push_back({Op::try_lock, 0, lock});
      jump = code.size();
      code.push_back({Op::jump_unless, 0, 0, 1});
    }
    std::size_t steps = 0;
    while (steps < inside) steps += block(code, inside - steps);
    code.push_back({kind == 1 ? Op::unlock_shared : Op::unlock, lock});
    if (kind == 2) code[jump].a = static_cast<std::int32_t>(code.size());
    return steps + 2;
  }

  /// A step that is left out, depending on a register.
  std::size_t skipped(std::vector<Instruction>& code) {
    const auto behind = static_cast<std::int32_t>(code.size()) + 2;
    code.push_back({Op::jump_if, behind, reg(), number(2)});
    code.push_back(step());
    return 1;
  }

  Instruction step() {
    while (true) {
      const std::int32_t kind = number(5);
      if (kind == 0 && profile_.plain) return plain();
      if (kind == 1 && profile_.indirect) return indirect();
      const bool scatters = kind == 2 && profile_.scattered && number(2) == 0;
      if (scatters) return {Op::pick_store, 2, number(3), number(3)};
      if (kind == 2 && profile_.choices) return choice();
      if (kind == 3 && profile_.waits && number(3) == 0) return {Op::await, variable(), number(2)};
      if (kind == 4) return number(2) == 0 ? Instruction{Op::bump, variable(), 1} : plain();
    }
  }

  Instruction plain() {
    switch (number(5)) {
      case 0:
        return {Op::store, variable(), number(3)};
      case 1:
        return {Op::fetch_add, reg(), variable(), 1};
      case 2:
        return {Op::compare_swap, reg(), variable(), 1};
      case 3:
        return {Op::store_sum, variable(), reg(), number(2)};
      default:
        return {Op::load, reg(), variable()};
    }
  }

  Instruction indirect() {
    if (number(3) == 0) return {Op::load_at, reg(), variable(), number(2)};
    return {Op::store_at, variable(), number(3), number(2)};
  }

  Instruction choice() {
    if (number(2) == 0) return {Op::pick_number, reg(), 2};
    return {Op::pick_below, reg(), variable()};
  }

  /// Somewhere; jumps to behind that place still lead there.
  void insert(std::vector<Instruction>& code, const Instruction& step) {
    const std::int32_t place = number(static_cast<std::uint32_t>(code.size() + 1));
    code.insert(code.begin() + place, step);
    for (Instruction& i : code)
      if ((i.op == Op::jump_if || i.op == Op::jump_unless) && i.a > place) ++i.a;
  }

  void spawn_the_last(ToyText& text) {
    const auto last = static_cast<std::int32_t>(text.actors.size()) - 1;
    insert(text.actors.front(), {Op::spawn, last});
    text.spawned = model::set_of(static_cast<ActorId>(last));
    if (last == 1 || number(2) == 0) return;
    text.actors.back().push_back({Op::exit});
    text.actors[1].push_back({Op::join, last});
  }

  model::Random random_;
  const ToyProfile profile_;
};

}  // namespace unswept::tests
