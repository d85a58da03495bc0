// The compiler makes one instruction of VNNI of two, the products of pairs and the sum that they are added to.

#ifdef __x86_64__
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx512bw,avx512vl,avx512dq,avx512vnni"))), apply_to = function)
#define GROUPS 4
#define HORIZONTAL headrace_resize_horizontal_512_vbmi
#define VERTICAL headrace_resize_vertical_512_vbmi
#include "resize_lanes.h"
#pragma clang attribute pop
#endif
