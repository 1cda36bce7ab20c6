#include "engine/error.h"

namespace unswept::engine {

Error os_error(os::Errno code, std::string_view what, std::string_view path) {
  const bool absent = code == os::Errno::no_such_file_or_directory;
  std::string message(what);
  message += ' ';
  message += path;
  message += ": ";
  message += std::make_error_code(code).message();
  return {absent ? ErrorKind::not_found : ErrorKind::io, code, std::move(message)};
}

Error with_context(Error error, std::string_view context) {
  std::string message(context);
  message += ": ";
  message += error.message;
  error.message = std::move(message);
  return error;
}

}  // namespace unswept::engine
