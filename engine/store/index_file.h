// engine/store/index_file.h: an index on disk, opened to be read.
#pragma once

#include <optional>
#include <string_view>

#include "engine/error.h"
#include "engine/format/index.h"
#include "engine/os/system.h"

namespace unswept::engine {

/// What an index says; stays readable when the file is renamed or unlinked.
class IndexFile {
 public:
  /// Nothing if the file is not there.  Fails on what is no index, by its content or its extension.
  static Result<std::optional<IndexFile>> open(os::System& system, os::Where where);

  const IndexView& view() const { return view_; }

 private:
  IndexFile(os::Mapping mapping, IndexView view) : mapping_(std::move(mapping)), view_(view) {}

  os::Mapping mapping_;
  IndexView view_;
};

}  // namespace unswept::engine
