// A process that is executed one instruction at a time, so that it can be found in every state that it goes through.
// See ptrace(2): all calls but the first are for the thread that forked.
#pragma once

#include <sys/types.h>

// In the child: from here on the parent decides when it goes on. Returns 0, or -1 with errno.
int single_step_begin(void);

// Lets a child that has begun execute one more instruction. Returns 1 when it has, 0 when it has ended, -1 with errno.
int single_step(pid_t child);
