// engine/error.h: why an operation of the engine did not do what it was asked.
//
// An Error is for a person: its message names the object, and the remedy where
// one is known.  Programs look at `kind` only.  What happens all the time (an
// index vanished, a chunk is absent) is not an Error but part of an answer.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "engine/os/result.h"

namespace unswept::engine {

enum class ErrorKind : std::uint8_t {
  not_found,      // what was asked for is not there
  refused,        // a rule of the datastore forbids it
  lock_conflict,  // somebody else is at it; the same call may succeed later
  bad_input,      // what was asked for makes no sense: another command line helps
  invalid,        // bytes on disk, or handed over, that are not what they should be
  io,             // the operating system failed
  aborted,        // the user or the service asked to stop
};

struct Error {
  ErrorKind kind = ErrorKind::io;
  os::Errno code{};  // of the call that failed, if it was one
  std::string message;
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string message, os::Errno code = {}) {
  return std::unexpected(Error{kind, code, std::move(message)});
}

/// Passes on the error of a result of another type.
template <class T>
std::unexpected<Error> forward_error(Result<T>& result) {
  return std::unexpected(std::move(result).error());
}

/// A failed system call: "<what> <path>: <text of the code>".  not_found for
/// no_such_file_or_directory, aborted for interrupted, otherwise io.
Error os_error(os::Errno code, std::string_view what, std::string_view path);

inline std::unexpected<Error> os_failure(os::Errno code, std::string_view what,
                                         std::string_view path) {
  return std::unexpected(os_error(code, what, path));
}

/// "<context>: <message>", kind and code kept.
Error with_context(Error error, std::string_view context);

}  // namespace unswept::engine
