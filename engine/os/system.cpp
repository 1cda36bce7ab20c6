#include "engine/os/system.h"

#include <algorithm>

namespace unswept::os {

bool Interest::wants_name(std::string_view name) const {
  if (!hidden && name.starts_with('.')) return false;
  return names.empty() || std::ranges::find(names, name) != names.end();
}

bool Interest::wants(const DirEntry& entry) const {
  if (!wants_name(entry.name)) return false;
  if (!entry.type_known) return true;
  if (entry.type == FileType::directory && directories) return true;
  return std::ranges::find(extensions, extension_of(entry.name)) != extensions.end();
}

Result<> System::read_directory_for(const Interest& interest, Fd fd, std::vector<DirEntry>& out) {
  for (;;) {
    const auto read = read_directory(fd, out);
    if (!read || out.empty()) return read;
    std::erase_if(out, [&](const DirEntry& entry) { return !interest.wants(entry); });
    if (!out.empty()) return {};
  }
}

}  // namespace unswept::os
