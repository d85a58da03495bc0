// SSE4.1, or NEON.

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("sse4.1"))), apply_to = function)
#endif
#if defined(__x86_64__) || defined(__aarch64__)
#define BLEND_GRAY headrace_blend_gray_128
#define TURN_HUE headrace_turn_hue_128
#include "colors_rows.h"
#endif
#if defined(__x86_64__)
#pragma clang attribute pop
#endif
