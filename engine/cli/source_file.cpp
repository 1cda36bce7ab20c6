#include "engine/cli/source_file.h"

#include <algorithm>
#include <unistd.h>
#include <utility>

#include "engine/cli/command.h"

namespace unswept::engine {
namespace {

constexpr os::Fd kStandardInput{0};

}  // namespace

Result<SourceFile> SourceFile::open(os::System& system, std::string_view path) {
  if (path == kStandardStream)
    return SourceFile(system, "the standard input", os::File(system, kStandardInput));
  auto file = os::open_file(system, path, os::Open::read);
  if (!file) return os_failure(file.error(), "open", path);
  SourceFile source(system, std::string(path), std::move(*file));
  if (auto measured = source.measure(); !measured) return forward_error(measured);
  return source;
}

Result<> SourceFile::measure() {
  const auto stat = system_->fstat(file_.fd());
  if (!stat) return os_failure(stat.error(), "stat", name_);
  if (stat->type == os::FileType::directory)
    return fail(ErrorKind::bad_input, name_ +
                                          " is a directory: pack it (tar -c) and back up the "
                                          "standard input as NAME.didx=-");
  // A block device tells its size in this way only; what cannot be sought is a stream.
  const int fd = static_cast<int>(file_.fd());
  const off_t end = ::lseek(fd, 0, SEEK_END);
  if (end > 0 && ::lseek(fd, 0, SEEK_SET) == 0) size_ = static_cast<std::uint64_t>(end);
  if (stat->type == os::FileType::regular && stat->size > 0) size_ = stat->size;
  return {};
}

Result<std::size_t> SourceFile::fill(std::span<std::byte> out) {
  if (size_ && out.size() > *size_ - done_)
    out = out.first(static_cast<std::size_t>(*size_ - done_));
  std::size_t filled = 0;
  while (!at_end_ && filled < out.size()) {
    const auto count = system_->read(file_.fd(), out.subspan(filled));
    if (!count) return os_failure(count.error(), "read", name_);
    at_end_ = *count == 0;  // a terminal would have to say so again
    filled += *count;
  }
  done_ += filled;
  if (size_ && filled < out.size())
    return fail(ErrorKind::io, name_ + " became shorter while it was read");
  return filled;
}

}  // namespace unswept::engine
