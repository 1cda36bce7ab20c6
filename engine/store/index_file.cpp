#include "engine/store/index_file.h"

#include <string>

namespace unswept::engine {

Result<std::optional<IndexFile>> IndexFile::open(os::System& system, os::Where where) {
  const std::string_view name = where.path.substr(where.path.rfind('/') + 1);
  const auto kind = index_kind(name);
  if (!kind) return fail(ErrorKind::invalid, std::string(where.path) + ": neither .fidx nor .didx");
  // Garbage collection opens whatever has the name of an index, and must not hang on it.
  auto file = os::open_file(system, where, os::Open::read | os::Open::no_wait);
  if (!file && file.error() == os::Errno::no_such_file_or_directory) return std::nullopt;
  if (!file) return os_failure(file.error(), "open index", where.path);
  auto mapping = system.map(file->fd());
  if (!mapping) return os_failure(mapping.error(), "read index", where.path);
  auto view = IndexView::open(*kind, mapping->bytes());
  if (!view) return std::unexpected(with_context(std::move(view.error()), where.path));
  return IndexFile(std::move(*mapping), *view);
}

}  // namespace unswept::engine
