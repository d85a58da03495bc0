#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx512bw,avx512vl,avx512dq"))), apply_to = function)
#define GROUPS 4
#define UNFILTER headrace_unfilter_16_rows
#include "unfilter_skewed.h"
#pragma clang attribute pop
#endif
