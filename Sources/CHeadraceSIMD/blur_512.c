#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx512bw,avx512vl,avx512dq"))), apply_to = function)
#define BLUR_COLUMNS headrace_blur_columns_512
#define BLUR_ROW headrace_blur_row_512
#include "blur_rows.h"
#pragma clang attribute pop
#endif
