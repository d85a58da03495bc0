#include "allocation_counter.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_bool is_counting;
static atomic_uint_fast64_t count;
// Bytes that are allocated, less those that were when counting began: below 0 where more of these were freed.
static atomic_int_fast64_t held;
static atomic_int_fast64_t peak;

// A sanitizer has a malloc of its own, which must stay: counts are 0 under it.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer) || __has_feature(address_sanitizer)
#define HAS_OTHER_MALLOC
#endif
#endif

#ifndef HAS_OTHER_MALLOC

// The C library's own, under the names that it keeps for this.
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
extern void __libc_free(void *);

static bool counts(void) { return atomic_load_explicit(&is_counting, memory_order_relaxed); }

static void hold(int_fast64_t bytes) {
  int_fast64_t now = atomic_fetch_add_explicit(&held, bytes, memory_order_relaxed) + bytes;
  int_fast64_t most = atomic_load_explicit(&peak, memory_order_relaxed);
  while (now > most && !atomic_compare_exchange_weak_explicit(
                           &peak, &most, now, memory_order_relaxed, memory_order_relaxed)) {
  }
}

static void *note(void *block) {
  if (counts()) {
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    hold((int_fast64_t)malloc_usable_size(block));
  }
  return block;
}

void *malloc(size_t size) { return note(__libc_malloc(size)); }

void *calloc(size_t number, size_t size) { return note(__libc_calloc(number, size)); }

void *realloc(void *block, size_t size) {
  // Both are held where it has to be moved, but not by who asked.
  if (counts()) hold(-(int_fast64_t)malloc_usable_size(block));
  return note(__libc_realloc(block, size));
}

void *memalign(size_t alignment, size_t size) { return note(__libc_memalign(alignment, size)); }

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **block, size_t alignment, size_t size) {
  void *made = memalign(alignment, size);
  if (!made) return ENOMEM;
  *block = made;
  return 0;
}

void free(void *block) {
  if (counts()) hold(-(int_fast64_t)malloc_usable_size(block));
  __libc_free(block);
}

#endif

void headrace_count_allocations(void) {
  atomic_store(&count, 0);
  atomic_store(&held, 0);
  atomic_store(&peak, 0);
  atomic_store(&is_counting, 1);
}

uint64_t headrace_allocation_count(void) {
  atomic_store(&is_counting, 0);
  return atomic_load(&count);
}

int64_t headrace_allocation_peak(void) { return atomic_load(&peak); }
