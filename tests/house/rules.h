// tests/house/rules.h: what every file of the tree keeps to, checked by a test instead of by
// people.
#pragma once

#include "tests/house/source_tree.h"

namespace unswept::house {

/// A header opens with its path and its purpose, and is guarded by #pragma once.
Problems header_problems(const SourceFile& file);

/// Lines of code fit a screen; no tabs, no blanks at their ends; files end with a newline and are
/// short enough to be read.
Problems layout_problems(const SourceFile& file);

/// No notes to oneself, nobody's home directory.
Problems wording_problems(const SourceFile& file);

/// No mutable static or thread-local variables in the libraries, and no clock or chance of their
/// own: those belong to the edges (engine/os/posix, the command lines).
Problems determinism_problems(const SourceFile& file);

/// A scenario's `name` is its file's name.
Problems scenario_problems(const SourceFile& file);

/// Links of a document to other files of the tree lead somewhere.  `root` is where the tree is.
Problems link_problems(const SourceFile& file, const std::string& root);

}  // namespace unswept::house
