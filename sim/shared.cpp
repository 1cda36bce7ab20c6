#include "sim/shared.h"

#include <fmt/format.h>

#include "sim/hash.h"
#include "sim/machine.h"

namespace unswept::sim {

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
    : scheduler_(world.machine().scheduler),
      cells_(world.machine().cells),
      cell_(cells_.add(initial)) {}

std::string SharedWord::Describe::operator()() const {
  return fmt::format("{} x{}", verb, cell.number);
}

}  // namespace unswept::sim
