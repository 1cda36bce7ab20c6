#include "scenarios/parse/suggest.h"

#include "engine/cli/nearest.h"

namespace unswept::scenarios {

std::string unknown_word(std::string_view kind, std::string_view word,
                         std::span<const std::string_view> known) {
  std::string text = "unknown ";
  text.append(kind).append(" \"").append(word).append("\"");
  if (const auto guess = engine::nearest_match(word, known); !guess.empty())
    return text.append(", did you mean \"").append(guess).append("\"?");
  // A long list helps nobody in an error message; `unswept list` shows it.
  constexpr std::size_t kShown = 12;
  if (known.empty() || known.size() > kShown) return text;
  text += "; known:";
  for (const std::string_view candidate : known) text.append(" ").append(candidate);
  return text;
}

}  // namespace unswept::scenarios
