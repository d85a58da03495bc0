#include "single_step.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

int single_step_begin(void) {
  if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) return -1;
  return raise(SIGSTOP);
}

int single_step(pid_t child) {
  int status = 0;
  // The stop that the step before has ended in, or the first.
  if (waitpid(child, &status, __WALL) != child) return -1;
  if (WIFEXITED(status) || WIFSIGNALED(status)) return 0;
  return ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) == 0 ? 1 : -1;
}
