// scenarios/cli/exit_codes.h: how `unswept` ends.  Public API.
#pragma once

namespace unswept::scenarios {

inline constexpr int kAsExpected = 0;
inline constexpr int kNotAsExpected = 1;
inline constexpr int kBadInput = 2;
inline constexpr int kInconclusive = 3;
inline constexpr int kNondeterministic = 4;

}  // namespace unswept::scenarios
