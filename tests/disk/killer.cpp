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

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& words) {
  const std::string path = UNSWEPT_BINARY_DIR "/bin/" + program;
  std::vector<char*> arguments = {const_cast<char*>(path.c_str())};
  for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int nowhere = ::open("/dev/null", O_RDWR);
  for (const int fd : {0, 1, 2}) ::dup2(nowhere, fd);
  ::setenv("LSAN_OPTIONS", "detect_leaks=0", 1);  // it wants to trace the process itself
  ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  ::execv(path.c_str(), arguments.data());
  ::_exit(127);
}

/// Lets the child run to its next stop; false when it has ended.
bool run_to_next_stop(pid_t child, int signal, int* status) {
  ::ptrace(PTRACE_SYSCALL, child, nullptr, static_cast<long>(signal));
  return ::waitpid(child, status, 0) == child && WIFSTOPPED(*status);
}

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
  constexpr int kSystemCallStop = SIGTRAP | 0x80;
  const pid_t child = ::fork();
  if (child == 0) become(program, words);
  int status = 0;
  ::waitpid(child, &status, 0);  // the stop at exec
  ::ptrace(PTRACE_SETOPTIONS, child, nullptr,
           static_cast<long>(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
  int signal = 0;
  while (run_to_next_stop(child, signal, &status)) {
    const bool at_call = WSTOPSIG(status) == kSystemCallStop;
    signal = at_call ? 0 : WSTOPSIG(status);
    if (!at_call) continue;
    const char* const change = change_about_to_happen(child);
    if (change == nullptr || --number > 0) continue;
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return change;
  }
  *exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return std::nullopt;
}

}  // namespace unswept::test
