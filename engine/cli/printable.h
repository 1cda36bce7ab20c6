// engine/cli/printable.h: text of others, made fit for a terminal.
//
// Names of files, manifests and notes may hold anything, also what moves a cursor, renames a
// window or types for its owner.  What goes to people passes through here; JSON has its own
// escapes.
#pragma once

#include <string>
#include <string_view>

namespace unswept::engine {

/// The text with control characters, and bytes that are no UTF-8, written as "\x1b": one line that
/// steers nothing.
std::string printable(std::string_view text);

/// The same for text of several lines: new lines and tabs stay.
std::string printable_lines(std::string_view text);

}  // namespace unswept::engine
