#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx512bw,avx512vl,avx512dq"))), apply_to = function)
#define BLEND_GRAY headrace_blend_gray_512
#define TURN_HUE headrace_turn_hue_512
#include "colors_rows.h"
#pragma clang attribute pop
#endif
