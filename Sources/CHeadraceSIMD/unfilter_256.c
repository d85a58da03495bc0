#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define GROUPS 2
#define UNFILTER headrace_unfilter_8_rows
#include "unfilter_skewed.h"
#pragma clang attribute pop
#endif
