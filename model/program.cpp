#include "model/program.h"

#include <array>

namespace unswept::model {

std::string_view to_string(ChoiceKind kind) {
  static constexpr std::array<std::string_view, 6> names{
      "data", "directory_order", "directory_race", "timeout", "fault", "crash"};
  return names.at(static_cast<std::size_t>(kind));
}

}  // namespace unswept::model
