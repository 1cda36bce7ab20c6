#include "tests/disk/killer.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iterator>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/run_program.h"

namespace unswept::test {
namespace {

struct Call {
  long number;
  const char* name;
};

/// Everything by which the tool changes what is on disk.  `openat` counts when it creates or
/// truncates.
constexpr Call kChanges[] = {
    {SYS_openat, "openat"},       {SYS_write, "write"},         {SYS_pwrite64, "pwrite64"},
    {SYS_ftruncate, "ftruncate"}, {SYS_fallocate, "fallocate"}, {SYS_renameat2, "renameat2"},
    {SYS_linkat, "linkat"},       {SYS_unlinkat, "unlinkat"},   {SYS_mkdirat, "mkdirat"},
    {SYS_fchmod, "fchmod"},       {SYS_fchown, "fchown"},       {SYS_utimensat, "utimensat"},
    {SYS_syncfs, "syncfs"},       {SYS_fsync, "fsync"},
#ifdef SYS_renameat  // newer machines do without the older calls
    {SYS_renameat, "renameat"},
#endif
#ifdef SYS_rename
    {SYS_rename, "rename"},       {SYS_unlink, "unlink"},       {SYS_mkdir, "mkdir"},
    {SYS_rmdir, "rmdir"},
#endif
};

/// The name of the call the child is about to make, if it can change something.
const char* change_about_to_happen(pid_t child) {
  ::__ptrace_syscall_info info{};
  if (::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) <= 0) return nullptr;
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return nullptr;
  const auto number = static_cast<long>(info.entry.nr);
  const auto* const found = std::ranges::find(kChanges, number, &Call::number);
  if (found == std::end(kChanges)) return nullptr;
  const bool only_opens = number == SYS_openat && (info.entry.args[2] & (O_CREAT | O_TRUNC)) == 0;
  return only_opens ? nullptr : found->name;
}

/// What the program says as an error goes to the file `err`.
[[noreturn]] void become(const std::string& program, const std::vector<std::string>& words,
                         const std::string& err) {
  const std::string path = UNSWEPT_BINARY_DIR "/bin/" + program;
  std::vector<char*> arguments = {const_cast<char*>(path.c_str())};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (const int fd : {0, 1}) ::dup2(nowhere, fd);
  ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), 2);
  ::setenv("LSAN_OPTIONS", "detect_leaks=0", 1);  // it wants to trace the process itself
  ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  ::execv(path.c_str(), arguments.data());
  ::_exit(127);
}

/// A child that stops at its system calls.
class TracedProgram {
 public:
  TracedProgram(const std::string& program, const std::vector<std::string>& words,
                const std::string& err)
      : child_(::fork()) {
    if (child_ == 0) become(program, words, err);
    ::waitpid(child_, &status_, 0);  // the stop at exec
    ::ptrace(PTRACE_SETOPTIONS, child_, nullptr,
             static_cast<long>(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
  }

  /// Lets it run until it is about to make the `number`-th call that changes something.  The name
  /// of the call, or nullptr when the program has ended.
  const char* run_to_change(std::size_t number) {
    while (run_to_next_stop()) {
      if (!at_call_) continue;
      const char* const change = change_about_to_happen(child_);
      if (change != nullptr && --number == 0) return change;
    }
    return nullptr;
  }
  void run_to_end() {
    while (run_to_next_stop()) {
    }
  }
  void signal(int number) const { ::kill(child_, number); }
  int exit_code() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : -1; }

 private:
  /// False when the child has ended.  A signal that it stopped for is passed on.
  bool run_to_next_stop() {
    constexpr int kSystemCallStop = SIGTRAP | 0x80;
    ::ptrace(PTRACE_SYSCALL, child_, nullptr, static_cast<long>(pending_));
    if (::waitpid(child_, &status_, 0) != child_ || !WIFSTOPPED(status_)) return false;
    at_call_ = WSTOPSIG(status_) == kSystemCallStop;
    pending_ = at_call_ ? 0 : WSTOPSIG(status_);
    return true;
  }

  pid_t child_;
  int status_ = 0;
  int pending_ = 0;  // a signal to go on with
  bool at_call_ = false;
};

}  // namespace

bool can_trace() {
  const pid_t child = ::fork();
  if (child == 0) {
    const bool traced = ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0;
    ::_exit(traced ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::optional<std::string> kill_before_call(const std::string& program,
                                            const std::vector<std::string>& words,
                                            std::size_t number, int* exit_code) {
  TracedProgram traced(program, words, "/dev/null");
  if (const char* const change = traced.run_to_change(number)) {
    traced.signal(SIGKILL);
    traced.run_to_end();
    return change;
  }
  *exit_code = traced.exit_code();
  return std::nullopt;
}

SignalledRun signal_before_call(const std::string& program, const std::vector<std::string>& words,
                                std::size_t number, int signal) {
  const TemporaryDirectory directory;
  TracedProgram traced(program, words, directory / "err");
  SignalledRun run;
  if (const char* const change = traced.run_to_change(number)) {
    run.call = change;
    traced.signal(signal);
    traced.run_to_end();
  }
  run.exit_code = traced.exit_code();
  run.err = read_text(directory / "err");
  return run;
}

}  // namespace unswept::test
