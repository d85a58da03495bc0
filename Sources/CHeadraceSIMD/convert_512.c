#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx512bw,avx512vl,avx512dq"))), apply_to = function)
#define HAS_FLOAT16
#define CONVERT headrace_convert_row_512
#include "convert_rows.h"
#pragma clang attribute pop
#endif
