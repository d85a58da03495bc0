// SSE4.1; on arm64 NEON, which every such processor has.

#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("sse4.1"))), apply_to = function)
#endif
#if defined(__x86_64__) || defined(__aarch64__)
#define GROUPS 1
#define HORIZONTAL headrace_resize_horizontal_128
#define VERTICAL headrace_resize_vertical_128
#include "resize_lanes.h"
#endif
#if defined(__x86_64__)
#pragma clang attribute pop
#endif
