// The quick path of Swift's Mutex is compiled into its user, where ThreadSanitizer sees it. Under contention it calls
// its library, which is not instrumented: the sanitizer misses that the lock was taken, and reports races that are
// none. These functions stand before the library's, call them, and tell the sanitizer what they did.
//
// Their names are those of swift-6.3's stdlib/public/Synchronization/Mutex/LinuxImpl.swift, mangled; `self` comes in
// the register that Swift's calling convention keeps for it, hence swiftcall.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)

#define _GNU_SOURCE
#include "visible_mutex.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define TRY_LOCK "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"

extern void __tsan_acquire(void *);
extern void __tsan_release(void *);

// A toolchain that calls them otherwise must not pass unnoticed.
static void *next(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();
  return found;
}

SWIFT void lock_slow(uint32_t thread, SELF void *self) __asm__(LOCK);
SWIFT void lock_slow(uint32_t thread, SELF void *self) {
  typedef SWIFT void Lock(uint32_t, SELF void *);
  ((Lock *)next(LOCK))(thread, self);
  __tsan_acquire(self);
}

SWIFT void unlock_slow(SELF void *self) __asm__(UNLOCK);
SWIFT void unlock_slow(SELF void *self) {
  typedef SWIFT void Unlock(SELF void *);
  __tsan_release(self);
  ((Unlock *)next(UNLOCK))(self);
}

SWIFT bool try_lock_slow(SELF void *self) __asm__(TRY_LOCK);
SWIFT bool try_lock_slow(SELF void *self) {
  typedef SWIFT bool TryLock(SELF void *);
  bool is_locked = ((TryLock *)next(TRY_LOCK))(self);
  if (is_locked) __tsan_acquire(self);
  return is_locked;
}

#endif
#endif
