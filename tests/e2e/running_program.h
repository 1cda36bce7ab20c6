// tests/e2e/running_program.h: a program that is at work while the test does something.
#pragma once

#include <csignal>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/catch.h"
#include "tests/e2e/run_program.h"

namespace unswept::test {

/// Started at once, with a pipe for its standard input.  Killed if it still runs at the end.
class RunningProgram {
 public:
  RunningProgram(const std::string& program, const std::vector<std::string>& arguments) {
    int input[2];
    REQUIRE(::pipe(input) == 0);
    // The child must not hold the end that it waits to see closed.
    REQUIRE(::fcntl(input[1], F_SETFD, FD_CLOEXEC) == 0);
    const std::string path = UNSWEPT_BINARY_DIR "/bin/" + program;
    std::vector<std::string> words = arguments;
    words.insert(words.begin(), program);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const std::string out = directory_ / "out";
    const std::string err = directory_ / "err";
    child_ = ::fork();
    REQUIRE(child_ != -1);
    if (child_ == 0) {
      ::dup2(input[0], STDIN_FILENO);
      ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
      ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
      ::execv(path.c_str(), argv.data());
      ::_exit(127);
    }
    ::close(input[0]);
    input_ = input[1];
  }
  ~RunningProgram() {
    close_input();
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
  }
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  /// False when the program reads no more.
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(input_, bytes.data(), bytes.size());
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  void close_input() {
    if (input_ != -1) ::close(std::exchange(input_, -1));
  }
  void signal(int number) const { ::kill(child_, number); }

  ProgramResult wait() {
    int status = 0;
    ::waitpid(std::exchange(child_, -1), &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_text(directory_ / "out"),
            read_text(directory_ / "err")};
  }

 private:
  TemporaryDirectory directory_;
  pid_t child_ = -1;
  int input_ = -1;
};

}  // namespace unswept::test
