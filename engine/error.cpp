#include "engine/error.h"

namespace unswept::engine {
namespace {

ErrorKind kind_of(os::Errno code) {
  if (code == os::Errno::no_such_file_or_directory) return ErrorKind::not_found;
  return code == os::Errno::interrupted ? ErrorKind::aborted : ErrorKind::io;
}

}  // namespace

Error os_error(os::Errno code, std::string_view what, std::string_view path) {
  std::string message(what);
  message += ' ';
  message += path;
  message += ": ";
  message += std::make_error_code(code).message();
  return {kind_of(code), code, std::move(message)};
}

Error with_context(Error error, std::string_view context) {
  std::string message(context);
  message += ": ";
  message += error.message;
  error.message = std::move(message);
  return error;
}

}  // namespace unswept::engine
