#pragma once

#include "headrace_simd.h"

/// Bits of the lower part of a weight.
#define LOWER_BITS 11
/// Bits after the point of a weight.
#define FRACTION_BITS 22
/// One half, added before the fraction is cut off.
#define HALF (1 << (FRACTION_BITS - 1))

typedef void headrace_resize_horizontal_function(
    const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_count, size_t channels);
typedef void headrace_resize_vertical_function(
    const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_bytes, size_t from, size_t to);

headrace_resize_horizontal_function headrace_resize_horizontal_scalar, headrace_resize_horizontal_128;
headrace_resize_vertical_function headrace_resize_vertical_scalar, headrace_resize_vertical_128;
#ifdef __x86_64__
headrace_resize_horizontal_function headrace_resize_horizontal_256, headrace_resize_horizontal_512;
headrace_resize_vertical_function headrace_resize_vertical_256, headrace_resize_vertical_512;
headrace_resize_horizontal_function headrace_resize_horizontal_512_vbmi, headrace_resize_horizontal_blocks;
headrace_resize_vertical_function headrace_resize_vertical_512_vbmi;
#endif
