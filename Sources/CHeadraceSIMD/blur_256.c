#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define BLUR_COLUMNS headrace_blur_columns_256
#define BLUR_ROW headrace_blur_row_256
#include "blur_rows.h"
#pragma clang attribute pop
#endif
