#include "scenarios/setup/files.h"

#include <cstdlib>

namespace unswept::scenarios {
namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

void make_directories(os::System& system, std::string_view path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    const auto made = system.mkdir(path.substr(0, end));
    require(made.has_value() || made.error() == os::Errno::file_exists);
    if (end == std::string_view::npos) return;
  }
}

void write_file(os::System& system, std::string_view path, engine::ByteView content,
                std::uint32_t mode) {
  auto file =
      os::open_file(system, path, os::Open::write | os::Open::create | os::Open::truncate, mode);
  require(file.has_value());
  while (!content.empty()) {
    const auto written = system.write(file->fd(), content);
    require(written.has_value() && *written > 0);
    content = content.subspan(*written);
  }
}

}  // namespace unswept::scenarios
