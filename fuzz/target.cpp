#include "fuzz/target.h"

#include <cstdio>
#include <cstdlib>

namespace unswept::fuzz {

void require(bool holds, std::source_location where) {
  if (holds) return;
  std::fprintf(stderr, "%s:%u: does not hold\n", where.file_name(),
               static_cast<unsigned>(where.line()));
  std::abort();
}

std::vector<engine::Bytes> text_seeds(std::span<const std::string_view> texts) {
  std::vector<engine::Bytes> out;
  for (const std::string_view text : texts) {
    const auto bytes = engine::as_bytes(text);
    out.emplace_back(bytes.begin(), bytes.end());
  }
  return out;
}

bool stays_below(std::string_view path) {
  if (path.find('\0') != std::string_view::npos) return false;
  while (true) {
    const auto slash = path.find('/');
    const std::string_view component = path.substr(0, slash);
    if (component.empty() || component == "." || component == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace unswept::fuzz
