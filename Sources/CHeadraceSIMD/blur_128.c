// SSE4.1, or NEON.

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("sse4.1"))), apply_to = function)
#endif
#if defined(__x86_64__) || defined(__aarch64__)
#define BLUR_COLUMNS headrace_blur_columns_128
#define BLUR_ROW headrace_blur_row_128
#include "blur_rows.h"
#endif
#if defined(__x86_64__)
#pragma clang attribute pop
#endif
