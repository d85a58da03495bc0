#pragma once

#include "headrace_convert.h"

typedef void headrace_convert_row_function(
    const headrace_pixel_conversion *c, const uint8_t *row, size_t width, bool mirrored, void *target,
    size_t plane_bytes);

headrace_convert_row_function headrace_convert_row_scalar, headrace_convert_row_128;
#ifdef __x86_64__
headrace_convert_row_function headrace_convert_row_256, headrace_convert_row_512;
#endif
