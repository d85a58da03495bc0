#define _GNU_SOURCE
#include "headrace_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

// Debian 12 ships headers of Linux 6.1, but a build host may be older: these numbers are part of the kernel's ABI.
#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#define MADV_POPULATE_WRITE 23
#endif
_Static_assert(MADV_POPULATE_READ == 22 && MADV_POPULATE_WRITE == 23, "madvise(2) advice numbers");
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#define SYS_pidfd_send_signal 424
#endif
_Static_assert(SYS_pidfd_open == 434 && SYS_pidfd_send_signal == 424, "pidfd system call numbers");
// The ring stores these in shared memory as 8 and 4 bytes.
_Static_assert(sizeof(uint64_t) == 8 && sizeof(uint32_t) == 4, "fixed-width integers");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the ring's format is little-endian");

// libdispatch, since 2016; see its private/private.h.
extern bool _dispatch_is_multithreaded(void) __attribute__((weak));

int headrace_memfd_create(const char *name) { return memfd_create(name, MFD_CLOEXEC); }

int headrace_reserve(int fd, size_t offset, size_t byte_count) {
  return fallocate(fd, 0, (off_t)offset, (off_t)byte_count);
}

int headrace_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC | O_NONBLOCK); }

int headrace_blocking_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int headrace_set_pipe_capacity(int fd, int byte_count) { return fcntl(fd, F_SETPIPE_SZ, byte_count); }

static struct timespec timespec_of(int64_t nanoseconds) {
  return (struct timespec){.tv_sec = (time_t)(nanoseconds / 1000000000), .tv_nsec = (long)(nanoseconds % 1000000000)};
}

int headrace_poll(int first, int second, int third, int64_t timeout_nanoseconds) {
  struct pollfd entries[3] = {
      {.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}, {.fd = third, .events = POLLIN}};
  struct timespec timeout = timespec_of(timeout_nanoseconds);
  int ready = ppoll(entries, 3, timeout_nanoseconds < 0 ? NULL : &timeout, NULL);
  if (ready < 0) return -1;
  return (entries[0].revents != 0 ? 1 : 0) | (entries[1].revents != 0 ? 2 : 0) | (entries[2].revents != 0 ? 4 : 0);
}

int headrace_poll_all(const int *descriptors, unsigned char *ready, int count, int64_t timeout_nanoseconds) {
  struct pollfd entries[count > 0 ? count : 1];
  for (int i = 0; i < count; i++) entries[i] = (struct pollfd){.fd = descriptors[i], .events = POLLIN};
  struct timespec timeout = timespec_of(timeout_nanoseconds);
  int result = ppoll(entries, (nfds_t)count, timeout_nanoseconds < 0 ? NULL : &timeout, NULL);
  if (result < 0) return -1;
  for (int i = 0; i < count; i++) ready[i] = entries[i].revents != 0;
  return result;
}

int headrace_futex_wait(uint32_t *word, uint32_t expected, int64_t timeout_nanoseconds) {
  struct timespec timeout = timespec_of(timeout_nanoseconds);
  return (int)syscall(SYS_futex, word, FUTEX_WAIT, expected, timeout_nanoseconds < 0 ? NULL : &timeout, NULL, 0);
}

int headrace_futex_wake(uint32_t *word, int count) {
  return (int)syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
}

// What terminals and job schedulers send to all processes of a group.
static const int group_signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2};

int headrace_spawn(const char *program, char *const words[], int descriptor, pid_t *child) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t blocked, all;
  sigemptyset(&blocked);
  // Until the program leaves them to its parent: before, they would end it.
  for (size_t index = 0; index < sizeof group_signals / sizeof *group_signals; index++) {
    sigaddset(&blocked, group_signals[index]);
  }
  sigfillset(&all);
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  error = posix_spawnattr_init(&attributes);
  if (error == 0) {
    if (error == 0) error = posix_spawn_file_actions_adddup2(&actions, descriptor, HEADRACE_SPAWN_DESCRIPTOR);
    if (error == 0) error = posix_spawn_file_actions_addclosefrom_np(&actions, HEADRACE_SPAWN_DESCRIPTOR + 1);
    if (error == 0) error = posix_spawnattr_setsigmask(&attributes, &blocked);
    if (error == 0) error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (error == 0) error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (error == 0) error = posix_spawnp(child, program, &actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int headrace_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

int headrace_socket_pair(int ends[2]) { return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends); }

static int socket_with_path(const char *path, struct sockaddr_un *address, int flags) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  if (strlen(path) > HEADRACE_MAXIMUM_SOCKET_PATH) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address->sun_path, path);
  return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
}

static int close_with_error(int fd) {
  int error = errno;
  close(fd);
  errno = error;
  return -1;
}

int headrace_listen(const char *path) {
  struct sockaddr_un address;
  int fd = socket_with_path(path, &address, SOCK_NONBLOCK);
  if (fd < 0) return -1;
  // The file gets the mode that the socket has before it has a name, so that it is never open to others.
  if (fchmod(fd, 0600) != 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 128) != 0)
    return close_with_error(fd);
  return fd;
}

int headrace_connect(const char *path) {
  struct sockaddr_un address;
  int fd = socket_with_path(path, &address, 0);
  if (fd < 0) return -1;
  // A listener that is stopped, with a full queue, must not stop whoever connects.
  struct timeval limit = {.tv_sec = 1};
  if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit) != 0 ||
      connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
    return close_with_error(fd);
  return fd;
}

int headrace_accept(int socket) { return accept4(socket, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int headrace_peer(int socket, pid_t *process, uid_t *user) {
  struct ucred peer = {0};
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return -1;
  *process = peer.pid;
  *user = peer.uid;
  return 0;
}

int headrace_send_message(int socket, const void *bytes, size_t byte_count, const int *descriptors, int count) {
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(HEADRACE_MAXIMUM_DESCRIPTORS * sizeof(int))];
  } control = {0};
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = byte_count};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (count < 0 || count > HEADRACE_MAXIMUM_DESCRIPTORS) {
    errno = EINVAL;
    return -1;
  }
  if (count > 0) {
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE((size_t)count * sizeof(int));
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN((size_t)count * sizeof(int));
    memcpy(CMSG_DATA(rights), descriptors, (size_t)count * sizeof(int));
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int headrace_receive_message(
    int socket, void *bytes, size_t capacity, size_t *byte_count, int *descriptors, int *count) {
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(HEADRACE_MAXIMUM_DESCRIPTORS * sizeof(int))];
  } control;
  struct iovec part = {.iov_base = bytes, .iov_len = capacity};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (descriptors != NULL) {
    message.msg_control = control.bytes;
    message.msg_controllen = sizeof control.bytes;
  }
  *count = 0;
  ssize_t received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  if (received < 0) return -1;
  if (descriptors != NULL) {
    for (struct cmsghdr *rights = CMSG_FIRSTHDR(&message); rights != NULL; rights = CMSG_NXTHDR(&message, rights)) {
      if (rights->cmsg_level != SOL_SOCKET || rights->cmsg_type != SCM_RIGHTS) continue;
      *count = (int)((rights->cmsg_len - CMSG_LEN(0)) / sizeof(int));
      memcpy(descriptors, CMSG_DATA(rights), (size_t)*count * sizeof(int));
    }
  }
  // The receiver had no room for some of the files: it is at its limit of them.
  int is_cut = descriptors != NULL && (message.msg_flags & MSG_CTRUNC) != 0;
  if (received > 0 && (is_cut || (message.msg_flags & MSG_TRUNC) != 0)) {
    for (int index = 0; index < *count; index++) close(descriptors[index]);
    *count = 0;
    errno = is_cut ? EMFILE : EMSGSIZE;
    return -1;
  }
  *byte_count = (size_t)received;
  return received > 0 ? 1 : 0;
}

int headrace_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int headrace_pidfd_send_signal(int pidfd, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

const int headrace_cld_exited = CLD_EXITED;

int headrace_reap(int pidfd, int *code, int *status, long *peak_kib) {
  siginfo_t info = {0};
  struct rusage usage = {0};
  // The system call, since the library's has no place for what the child has used.
  if (syscall(SYS_waitid, P_PIDFD, pidfd, &info, WEXITED | WNOHANG, &usage) != 0) return -1;
  if (info.si_pid == 0) return 0;
  *peak_kib = usage.ru_maxrss;
  *code = info.si_code;
  *status = info.si_status;
  return 1;
}

pid_t headrace_fork(void) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pid_t child = fork();
  if (child != 0) {
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
  }
  return child;
}

static pid_t process_id;
static void note_process_id(void) { process_id = getpid(); }
__attribute__((constructor)) static void follow_forks(void) {
  if (pthread_atfork(NULL, NULL, note_process_id) == 0) note_process_id();
}

pid_t headrace_process_id(void) { return process_id != 0 ? process_id : getpid(); }

int headrace_set_parent_death_signal(int signal) { return prctl(PR_SET_PDEATHSIG, signal); }

int headrace_set_thread_name(const char *name) { return prctl(PR_SET_NAME, name); }

int headrace_affinity_get(int *processors, int capacity) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return -1;
  int count = 0;
  for (int processor = 0; processor < CPU_SETSIZE && count < capacity; processor++) {
    if (CPU_ISSET(processor, &set)) processors[count++] = processor;
  }
  return count;
}

int headrace_affinity_limit(void) { return CPU_SETSIZE; }

int headrace_current_processor(void) { return sched_getcpu(); }

int headrace_affinity_set(const int *processors, int count) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int index = 0; index < count; index++) {
    if (processors[index] >= 0 && processors[index] < CPU_SETSIZE) CPU_SET(processors[index], &set);
  }
  return sched_setaffinity(0, sizeof set, &set);
}

int headrace_add_niceness(int niceness) {
  errno = 0;
  int now = getpriority(PRIO_PROCESS, 0);
  if (now == -1 && errno != 0) return -1;
  int wanted = now + niceness > 19 ? 19 : now + niceness;
  return setpriority(PRIO_PROCESS, 0, wanted);
}

bool headrace_is_idle(pid_t thread) { return sched_getscheduler(thread) == SCHED_IDLE; }
bool headrace_is_normal(pid_t thread) { return sched_getscheduler(thread) == SCHED_OTHER; }

int headrace_set_scheduling(pid_t thread, int policy) {
  static const int policies[] = {SCHED_OTHER, SCHED_BATCH, SCHED_IDLE};
  struct sched_param parameter = {.sched_priority = 0};
  if (policy < 0 || policy > 2) {
    errno = EINVAL;
    return -1;
  }
  return sched_setscheduler(thread, policies[policy], &parameter);
}

// struct sched_attr of linux/sched/types.h in its first version, which glibc before 2.41 does not have.
struct scheduling {
  uint32_t size, policy;
  uint64_t flags;
  int32_t niceness;
  uint32_t priority;
  uint64_t runtime, deadline, period;
};
_Static_assert(sizeof(struct scheduling) == 48, "sched_attr, version 0");

int headrace_set_slice(uint64_t nanoseconds) {
  struct scheduling own = {.size = sizeof own};
  if (syscall(SYS_sched_getattr, 0, &own, sizeof own, 0) != 0) return -1;
  own.runtime = nanoseconds;
  return (int)syscall(SYS_sched_setattr, 0, &own, 0);
}

int64_t headrace_slice(void) {
  struct scheduling own = {.size = sizeof own};
  return syscall(SYS_sched_getattr, 0, &own, sizeof own, 0) == 0 ? (int64_t)own.runtime : -1;
}

int headrace_set_io_priority(int priority_class, int level) {
  // IOPRIO_WHO_PROCESS and IOPRIO_PRIO_VALUE of linux/ioprio.h, which Debian 12 does not ship for programs.
  return (int)syscall(SYS_ioprio_set, 1, 0, priority_class << 13 | level);
}

char **headrace_environment(void) { return environ; }

pid_t headrace_gettid(void) { return (pid_t)syscall(SYS_gettid); }

static void leave_to_parent(int signal_number) { (void)signal_number; }

void headrace_leave_signals_to_parent(void) {
  // Not SIG_IGN, which a program that a stage starts would keep, and then could not be ended by SIGTERM.
  struct sigaction action = {.sa_handler = leave_to_parent, .sa_flags = SA_RESTART};
  sigset_t signals;
  sigemptyset(&signals);
  for (size_t index = 0; index < sizeof group_signals / sizeof *group_signals; index++) {
    sigaction(group_signals[index], &action, NULL);
    sigaddset(&signals, group_signals[index]);
  }
  sigprocmask(SIG_UNBLOCK, &signals, NULL);
}

void headrace_reset_signals(void) {
  // None of those that come meanwhile meets the parent's handler, or none at all.
  sigset_t signals;
  sigfillset(&signals);
  sigprocmask(SIG_SETMASK, &signals, NULL);
  for (int signal_number = 1; signal_number < NSIG; signal_number++) {
    if (signal_number != SIGKILL && signal_number != SIGSTOP) signal(signal_number, SIG_DFL);
  }
  headrace_leave_signals_to_parent();
  sigemptyset(&signals);
  sigprocmask(SIG_SETMASK, &signals, NULL);
}

void headrace_ignore_children(void) { signal(SIGCHLD, SIG_IGN); }

int headrace_populate(void *address, size_t byte_count, bool for_writing) {
  return madvise(address, byte_count, for_writing ? MADV_POPULATE_WRITE : MADV_POPULATE_READ);
}

int headrace_dispatch_is_multithreaded(void) {
  if (!_dispatch_is_multithreaded) return -1;
  return _dispatch_is_multithreaded() ? 1 : 0;
}

const char *headrace_errno_name(int code) { return strerrorname_np(code); }
const char *headrace_errno_description(int code) { return strerrordesc_np(code); }
const char *headrace_signal_abbreviation(int signal) { return sigabbrev_np(signal); }

_Noreturn void headrace_flush_and_exit(int status) {
  fflush(NULL);
  _exit(status);
}

static void end_now(int status, void *unused) {
  (void)unused;
  headrace_flush_and_exit(status);
}

int headrace_end_at_exit(void) { return on_exit(end_now, NULL) == 0 ? 0 : -1; }

void headrace_flush_all(void) { fflush(NULL); }

static _Thread_local const void *thread_owner;
static _Thread_local int64_t thread_number;

void headrace_set_thread_place(const void *owner, int64_t number) {
  thread_owner = owner;
  thread_number = number;
}

const void *headrace_thread_owner(void) { return thread_owner; }

int64_t headrace_thread_number(void) { return thread_number; }

int headrace_is_writable(int fd) {
  struct pollfd entry = {.fd = fd, .events = POLLOUT};
  struct timespec none = {0};
  return ppoll(&entry, 1, &none, NULL) == 1 && (entry.revents & (POLLOUT | POLLERR | POLLNVAL)) != 0;
}

int headrace_output_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) != 0) return -1;
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0) return 0;
  int error = errno;
  close(ends[0]);
  close(ends[1]);
  errno = error;
  return -1;
}

void headrace_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }
