// Every processor with AVX2 has F16C too, but they are two things to ask for: float16 is made in integers here.
#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define CONVERT headrace_convert_row_256
#include "convert_rows.h"
#pragma clang attribute pop
#endif
