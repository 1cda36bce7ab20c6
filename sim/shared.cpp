#include "sim/shared.h"

#include <fmt/format.h>

#include "sim/call.h"
#include "sim/hash.h"
#include "sim/machine.h"
#include "sim/shared_cells.h"

namespace unswept::sim {
namespace {

/// "add x3".
struct DescribeAccess {
  std::string_view verb;
  const SharedCell& cell;

  std::string operator()() const { return fmt::format("{} x{}", verb, cell.number); }
};

template <class Value, class Run>
Value access(Machine& machine, const SharedCell& cell, Op op, std::string_view verb, Run run) {
  CallOf<Value, Run, DescribeAccess> call(op, machine.scheduler.current_process(), run,
                                          DescribeAccess{verb, cell});
  machine.scheduler.submit(call);
  return call.value();
}

}  // namespace

model::Fingerprint SharedCell::contribution() const {
  return (WideDigest() << object << value).value();
}

SharedCell& SharedCells::add(std::uint64_t initial) {
  SharedCell& cell = cells_.emplace_back();
  cell.number = cells_.size() - 1;
  cell.object = object(ObjectKind::shared, cell.number);
  cell.value = initial;
  log_.mark_for_fingerprint(cell);
  return cell;
}

SharedWord::SharedWord(World& world, std::uint64_t initial)
    : machine_(world.machine()), cell_(machine_.cells.add(initial)) {}

std::uint64_t SharedWord::peek() const { return cell_.value; }

std::uint64_t SharedWord::read() {
  return access<std::uint64_t>(machine_, cell_, Op::shared_read, "read", [this](Touch& touch) {
    touch.read(cell_.object);
    return cell_.value;
  });
}

void SharedWord::write(std::uint64_t value) {
  access<Nothing>(machine_, cell_, Op::shared_write, "write", [this, value](Touch& touch) {
    touch.write(cell_.object);
    if (!touch.dry()) machine_.cells.set(cell_, value);
    return Nothing{};
  });
}

std::uint64_t SharedWord::fetch_add(std::uint64_t summand, std::uint64_t mask) {
  return access<std::uint64_t>(machine_, cell_, Op::shared_add, "add", [&](Touch& touch) {
    touch.write(cell_.object);
    const std::uint64_t before = cell_.value;
    if (!touch.dry()) machine_.cells.set(cell_, (before + summand) & mask);
    return before;
  });
}

bool SharedWord::compare_exchange(std::uint64_t& expected, std::uint64_t desired) {
  const std::uint64_t wanted = expected;
  const auto before = access<std::uint64_t>(
      machine_, cell_, Op::shared_compare_exchange, "compare-exchange", [&](Touch& touch) {
        const std::uint64_t now = cell_.value;
        touch.use(cell_.object, now == wanted ? model::Mode::write : model::Mode::read);
        if (now == wanted && !touch.dry()) machine_.cells.set(cell_, desired);
        return now;
      });
  expected = before;
  return before == wanted;
}

}  // namespace unswept::sim
