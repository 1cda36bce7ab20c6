// engine/cli/source_file.h: a file, a block device or the standard input, read to its end.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/error.h"
#include "engine/os/system.h"

namespace unswept::engine {

class SourceFile {
 public:
  /// "-" is the standard input.  `system` must outlive the file.
  static Result<SourceFile> open(os::System& system, std::string_view path);

  /// For messages.
  const std::string& name() const { return name_; }

  /// How many bytes there are to read; nothing where only reading tells (a pipe).
  std::optional<std::uint64_t> size() const { return size_; }

  /// Fills `out`, or as much of it as there is left; how much that was.
  Result<std::size_t> fill(std::span<std::byte> out);

 private:
  SourceFile(os::System& system, std::string name, os::File file)
      : system_(&system), name_(std::move(name)), file_(std::move(file)) {}
  Result<> measure();

  os::System* system_;
  std::string name_;
  os::File file_;
  std::optional<std::uint64_t> size_;
  std::uint64_t done_ = 0;  // bytes read
  bool at_end_ = false;
};

}  // namespace unswept::engine
