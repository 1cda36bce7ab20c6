#include "scenarios/check/divergence.h"

#include <cctype>

namespace unswept::scenarios {
namespace {

/// "{0,1}" as "0 (gc), 1 (mover)".
std::string named(const std::string& actors, const Scenario& scenario) {
  std::string text;
  std::size_t number = 0;
  for (const char c : actors) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      number = number * 10 + static_cast<std::size_t>(c - '0');
      text += c;
    } else if (c == ',' || c == '}') {
      if (!text.empty() && number < scenario.actors.size())
        text += " (" + scenario.actors[number].name + ')';
      if (c == ',') text += ", ";
      number = 0;
    }
  }
  return text.empty() ? "nobody" : text;
}

std::string misfit(const model::Divergence& divergence, const Scenario& scenario) {
  if (divergence.what == "enabled actors")
    return "it lets actor " + divergence.expected.substr(0, divergence.expected.find(' ')) +
           " go on, but those who can are: " + named(divergence.found, scenario);
  return "it has \"" + divergence.expected + "\" where the run asks \"" + divergence.found + '"';
}

}  // namespace

std::string misfit_text(const model::Divergence& divergence, const Scenario& scenario) {
  const bool over = divergence.expected == "the trace goes on";
  return "the trace does not fit this scenario at step " + std::to_string(divergence.step + 1) +
         ": " + (over ? "it goes on where the run is at its end" : misfit(divergence, scenario)) +
         "; was the file edited, or does it come from another version?";
}

std::string nondeterminism_text(const model::Divergence& divergence) {
  std::string text = "the same choices gave another run: at step " +
                     std::to_string(divergence.step + 1) + ", " + divergence.what;
  // The explorers do not keep what the earlier run had.
  if (divergence.found == "something else") return text + " not as in an earlier run";
  return text + ": first " + divergence.expected + ", then " + divergence.found;
}

}  // namespace unswept::scenarios
