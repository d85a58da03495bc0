// Linux calls that Swift cannot reach by itself: those that the Glibc module leaves out (memfd, eventfd, pidfd, prctl,
// madvise's newer advice), `fork`, which Swift marks unavailable, and calls whose C types are macros or unions.
// Every function returns a value of 0 or more, or -1 with errno set, unless its comment says otherwise.
#pragma once

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// memfd_create(2) with MFD_CLOEXEC.
int headrace_memfd_create(const char *name);

// fallocate(2), mode 0.
int headrace_reserve(int fd, size_t offset, size_t byte_count);

// pipe2(2), non-blocking and close-on-exec.
int headrace_pipe(int ends[2]);

// pipe2(2), close-on-exec.
int headrace_blocking_pipe(int ends[2]);

// fcntl(2), F_SETPIPE_SZ.
int headrace_set_pipe_capacity(int fd, int byte_count);

// ppoll(2) for input on three descriptors; -1 for none. A negative timeout waits without a bound. Returns bits 0 to 2
// for the descriptors that are readable, at their end, or in error.
int headrace_poll(int first, int second, int third, int64_t timeout_nanoseconds);

// ppoll(2) for input on any number of descriptors. Sets `ready[i]` to 1 or 0 for each.
int headrace_poll_all(const int *descriptors, unsigned char *ready, int count, int64_t timeout_nanoseconds);

// futex(2), FUTEX_WAIT and FUTEX_WAKE on a word in memory that processes share. A negative timeout waits without a
// bound.
int headrace_futex_wait(uint32_t *word, uint32_t expected, int64_t timeout_nanoseconds);
int headrace_futex_wake(uint32_t *word, int count);

// eventfd(2), non-blocking and close-on-exec, counter 0.
int headrace_eventfd(void);

// socketpair(2), AF_UNIX and SOCK_SEQPACKET, close-on-exec.
int headrace_socket_pair(int ends[2]);

// sendmsg(2) of one byte at least and up to HEADRACE_MAXIMUM_DESCRIPTORS descriptors (SCM_RIGHTS, unix(7)), without
// SIGPIPE.
int headrace_send_message(int socket, const void *bytes, size_t byte_count, const int *descriptors, int count);

// recvmsg(2) of what that sends; the descriptors are close-on-exec. Returns 1 with `bytes`, `byte_count`, `descriptors`
// and `count` filled, 0 when nobody can send any more. EMSGSIZE: there were more than `capacity` bytes. Where
// `descriptors` is NULL files that come along are not opened here.
int headrace_receive_message(
    int socket, void *bytes, size_t capacity, size_t *byte_count, int *descriptors, int *count);
enum { HEADRACE_MAXIMUM_DESCRIPTORS = 64 };

// A listening socket with a path, AF_UNIX and SOCK_SEQPACKET, mode 0600, non-blocking and close-on-exec (unix(7)).
// ENAMETOOLONG: the path does not fit into an address.
int headrace_listen(const char *path);
// A connection to such a socket.
int headrace_connect(const char *path);
// accept4(2): a connection, non-blocking and close-on-exec; EAGAIN where nobody has connected.
int headrace_accept(int socket);
// SO_PEERCRED (unix(7)): number of the process that has connected, or that listens, 0 where it is in another namespace;
// and its effective user.
int headrace_peer(int socket, pid_t *process, uid_t *user);
// Bytes that the path of a socket may have.
enum { HEADRACE_MAXIMUM_SOCKET_PATH = 107 };

// posix_spawnp(3): a child with default signals, the streams of this process, `descriptor` as its descriptor
// HEADRACE_SPAWN_DESCRIPTOR and no other. Returns 0, or an error number.
int headrace_spawn(const char *program, char *const words[], int descriptor, pid_t *child);
enum { HEADRACE_SPAWN_DESCRIPTOR = 3 };

// pidfd_open(2).
int headrace_pidfd_open(pid_t pid);

// pidfd_send_signal(2): cannot hit another process that was given the same number since.
int headrace_pidfd_send_signal(int pidfd, int signal);

// waitid(2) on a pidfd, without blocking. Returns 1 with `code` (CLD_EXITED, CLD_KILLED, CLD_DUMPED), `status` and the
// peak of its resident set in KiB filled once the child is reaped, 0 while it runs.
int headrace_reap(int pidfd, int *code, int *status, long *peak_kib);
extern const int headrace_cld_exited;

// fork(2). In the child all signals are blocked until headrace_reset_signals, so that none meets a handler of the
// parent.
pid_t headrace_fork(void);

// getpid(2) without a system call: the number is noted at the start, and in each child (pthread_atfork(3)).
pid_t headrace_process_id(void);

// prctl(2): PR_SET_PDEATHSIG and PR_SET_NAME, which names the calling thread; the first thread's name is the process's.
int headrace_set_parent_death_signal(int signal);
int headrace_set_thread_name(const char *name);

// sched_getaffinity(2): writes the numbers of the processors that this thread may run on, ascending and at most
// `capacity`, and returns how many they are.
int headrace_affinity_get(int *processors, int capacity);

// One more than the highest processor number that an affinity mask can hold.
int headrace_affinity_limit(void);

// sched_getcpu(3): the processor that this thread runs on.
int headrace_current_processor(void);

// sched_setaffinity(2) of this thread to so many processors.
int headrace_affinity_set(const int *processors, int count);

// setpriority(2) of this thread: niceness is added to what it has, up to 19. Lower priority is always permitted.
int headrace_add_niceness(int niceness);

// sched_setscheduler(2) of this thread: SCHED_OTHER, SCHED_BATCH or SCHED_IDLE for 0, 1 and 2.
int headrace_set_scheduling(pid_t thread, int policy);

// Whether sched_getscheduler(2) says SCHED_IDLE, or SCHED_OTHER, of a thread, 0 for the calling one; false where there
// is none.
bool headrace_is_idle(pid_t thread);
bool headrace_is_normal(pid_t thread);

// sched_setattr(2) of this thread: how many nanoseconds a turn is to last; policy and niceness stay. Linux 6.12; before
// that the kernel takes it and does nothing.
int headrace_set_slice(uint64_t nanoseconds);

// sched_getattr(2) of this thread: the same, 0 where the kernel does not tell; or -1.
int64_t headrace_slice(void);

// ioprio_set(2) of this thread: class 2 (best effort) with a level of 0 to 7, or class 3 (idle).
int headrace_set_io_priority(int priority_class, int level);

// environ(7), which Swift sees as an unprotected global variable.
char **headrace_environment(void);

// gettid(2).
pid_t headrace_gettid(void);

// SIGINT, SIGQUIT and SIGHUP, which a terminal sends to parent and child alike, and SIGTERM, SIGUSR1 and SIGUSR2, which
// job schedulers and timeout(1) do, do not end the child: the parent decides what they mean, and the child ends with
// it. Calls that wait may return EINTR. Unblocks them.
void headrace_leave_signals_to_parent(void);

// Gives every signal its default action and unblocks all, as a child should start (signal(7)); but for those that are
// left to the parent.
void headrace_reset_signals(void);

// SIGCHLD with SIG_IGN: children that end are not kept for wait(2).
void headrace_ignore_children(void);

// madvise(2) with MADV_POPULATE_WRITE or MADV_POPULATE_READ, Linux 5.14.
int headrace_populate(void *address, size_t byte_count, bool for_writing);

// libdispatch's own flag: has this process started a Dispatch thread? Returns 1, 0, or -1 when it cannot be told,
// because the library does not export the function. A weak declaration finds it in a static link too, dlsym does not.
int headrace_dispatch_is_multithreaded(void);

// strerrorname_np(3) and strerrordesc_np(3): thread-safe, unlike strerror. NULL for a number that is no errno.
const char *headrace_errno_name(int code);
const char *headrace_errno_description(int code);
// sigabbrev_np(3), such as "KILL"; NULL for a number that is no signal.
const char *headrace_signal_abbreviation(int signal);

// _exit(2) after fflush(3) of all streams: no exit handler of the parent's runs.
_Noreturn void headrace_flush_and_exit(int status);
// on_exit(3) with a handler that does the same: handlers run in the reverse of the order in which they were registered,
// so none that was registered before this call runs at exit(3).
int headrace_end_at_exit(void);
// fflush(3) of all streams, so that a fork does not duplicate what they hold.
void headrace_flush_all(void);

// Two variables of the calling thread: what it works for, and where. NULL and 0 until they are set.
void headrace_set_thread_place(const void *owner, int64_t number);
const void *headrace_thread_owner(void);
int64_t headrace_thread_number(void);

// ppoll(2) for output, without waiting: 1 if the descriptor takes at least a page (pipe(7)) now, else 0.
int headrace_is_writable(int fd);

// pipe2(2), close-on-exec; the read end alone is non-blocking.
int headrace_output_pipe(int ends[2]);

// SIGPIPE with SIG_IGN: a write to nobody is EPIPE.
void headrace_ignore_broken_pipes(void);
