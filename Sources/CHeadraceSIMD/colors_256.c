#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define BLEND_GRAY headrace_blend_gray_256
#define TURN_HUE headrace_turn_hue_256
#include "colors_rows.h"
#pragma clang attribute pop
#endif
