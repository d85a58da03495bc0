// SSE4.1; on arm64 NEON, which every such processor has.

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("sse4.1"))), apply_to = function)
#elif defined(__aarch64__)
#define HAS_FLOAT16
#endif
#if defined(__x86_64__) || defined(__aarch64__)
#define CONVERT headrace_convert_row_128
#include "convert_rows.h"
#endif
#if defined(__x86_64__)
#pragma clang attribute pop
#endif
