// SSE4.1; on arm64 NEON, which every such processor has.

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("sse4.1"))), apply_to = function)
#endif
#if defined(__x86_64__) || defined(__aarch64__)
#define GROUPS 1
#define UNFILTER headrace_unfilter_4_rows
#include "unfilter_skewed.h"
#endif
#if defined(__x86_64__)
#pragma clang attribute pop
#endif
