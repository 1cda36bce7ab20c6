// model/explore/precision.h: how much the dependency relation costs, by kind of step.
//
// Two steps that conflict by their footprints may commute all the same: two writes
// of one value, a reader that does not use what was written.  Each such race makes a
// reduction explore two orders where one would do.  measure_precision() walks through
// the program at random, finds the races of each walk (conflicting steps of different
// actors with nothing between them in happens-before), runs a sample of them in both
// orders from the state in which both can be taken next, and compares results, state,
// promises broken, and who can go on.
//
// What is compared is what fingerprints show.  So "commuted" is a statement about one
// state each time, and a hint where footprints may be made finer; it proves nothing.
//
// The same program and options give the same table.  Thread safety: as Program, none.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/dependence.h"
#include "model/program.h"

namespace unswept::model {

struct PrecisionOptions {
  std::uint64_t seed = 1;
  std::uint64_t walks = 32;
  std::size_t steps_max = 4'096;     // of a walk; it is cut off there
  std::size_t pairs_of_a_kind = 12;  // run in both orders, at most
  std::size_t pairs_max = 600;       // the same over all kinds
  Dependence dependence;
  /// In words, what an object is; nothing: rows do not tell objects apart.
  std::function<std::string_view(ObjectId)> kind_of;
};

/// Races between two kinds of steps over the same kinds of objects.
struct PrecisionRow {
  std::string one;      // kinds of steps, in alphabetical order
  std::string other;    //
  std::string objects;  // that they conflict on: "dirent", "atime+data"
  std::uint64_t races = 0;
  std::uint64_t tried = 0;     // of those, run in both orders
  std::uint64_t commuted = 0;  // of those, made no difference

  /// How many of all races of this kind made no difference, as far as the sample tells.
  double wasted() const {
    return tried == 0 ? 0
                      : static_cast<double>(races) * static_cast<double>(commuted) /
                            static_cast<double>(tried);
  }
};

struct Precision {
  std::vector<PrecisionRow> rows;  // most wasted races first
  std::uint64_t walks = 0;
  std::uint64_t races = 0;
  std::uint64_t tried = 0;
  std::uint64_t commuted = 0;
};

Precision measure_precision(Program& program, const PrecisionOptions& options = {});

}  // namespace unswept::model
