// scenarios/parse/suggest.h: messages about words nobody knows.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace unswept::scenarios {

/// `unknown point "x", did you mean "y"?`, or the known words when none is near and they are few.
std::string unknown_word(std::string_view kind, std::string_view word,
                         std::span<const std::string_view> known);

}  // namespace unswept::scenarios
