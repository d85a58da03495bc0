#ifdef __x86_64__
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512bw,avx512vl,avx512dq"))), apply_to = function)
#define GROUPS 4
#define HORIZONTAL headrace_resize_horizontal_512
#define VERTICAL headrace_resize_vertical_512
#include "resize_lanes.h"
#pragma clang attribute pop
#endif
