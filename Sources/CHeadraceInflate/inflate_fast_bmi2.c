#ifdef __x86_64__
#pragma clang attribute push(__attribute__((target("bmi,bmi2"))), apply_to = function)
#define INFLATE_FAST headrace_inflate_fast_bmi2
#include "inflate_fast.h"
#pragma clang attribute pop
#endif
