#ifdef __x86_64__
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define GROUPS 2
#define HORIZONTAL headrace_resize_horizontal_256
#define VERTICAL headrace_resize_vertical_256
#include "resize_lanes.h"
#pragma clang attribute pop
#endif
