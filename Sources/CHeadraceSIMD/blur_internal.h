#pragma once

#include "headrace_blur.h"

typedef void headrace_blur_columns_function(
    const float *weights, size_t radius, const uint8_t *const *rows, size_t count, float *sums);
typedef void headrace_blur_row_function(
    const float *weights, size_t radius, const float *sums, size_t channels, size_t count, uint8_t *target);

headrace_blur_columns_function headrace_blur_columns_scalar, headrace_blur_columns_128;
headrace_blur_row_function headrace_blur_row_scalar, headrace_blur_row_128;
#ifdef __x86_64__
headrace_blur_columns_function headrace_blur_columns_256, headrace_blur_columns_512;
headrace_blur_row_function headrace_blur_row_256, headrace_blur_row_512;
#endif
