#include "scenarios/diagnostic.h"

namespace unswept::scenarios {

std::string to_string(const Diagnostic& diagnostic) {
  std::string text = diagnostic.file;
  if (diagnostic.where.line != 0) {
    text += ':' + std::to_string(diagnostic.where.line);
    text += ':' + std::to_string(diagnostic.where.column);
  }
  return text + ": " + diagnostic.message;
}

std::string to_string(const Diagnostics& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) text += to_string(diagnostic) + '\n';
  return text;
}

}  // namespace unswept::scenarios
