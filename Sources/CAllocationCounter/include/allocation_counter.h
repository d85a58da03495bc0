#ifndef HEADRACE_ALLOCATION_COUNTER_H
#define HEADRACE_ALLOCATION_COUNTER_H

#include <stdint.h>

// Counts the allocations of a program that links this, whoever makes them: it defines malloc and its like, which then
// stand before those of the C library (`man 3 malloc`; the glibc manual, "Replacing malloc"). Costs a look at a flag
// while it does not count.

// Begins to count from 0.
void headrace_count_allocations(void);

// Ends counting. Returns the allocations since it began; moving a block to resize it counts as one.
uint64_t headrace_allocation_count(void);

// The most bytes that were allocated at once while it counted, above those that were when it began.
int64_t headrace_allocation_peak(void);

#endif
