// engine/os/result.h: what an operating-system call answers.
//
// A failure is a value.  It is named by std::errc, whose enumerators carry the
// numbers of <cerrno>, so that an error has one name in the engine, in the
// simulated world and on a disk.
#pragma once

#include <expected>
#include <system_error>

namespace unswept::os {

using Errno = std::errc;

template <class T = void>
using Result = std::expected<T, Errno>;

inline std::unexpected<Errno> fail(Errno code) { return std::unexpected(code); }

}  // namespace unswept::os
