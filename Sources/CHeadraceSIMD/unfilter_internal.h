#pragma once

#include "headrace_simd.h"

/// The filter types. https://www.w3.org/TR/png-3/#9Filter-types
enum { FILTER_NONE = 0, FILTER_SUB = 1, FILTER_UP = 2, FILTER_AVERAGE = 3, FILTER_PAETH = 4 };

/// Undoes the filter of one row, which is one of the five types; `above` may be NULL.
void headrace_unfilter_row(
    uint8_t filter, const uint8_t *filtered, size_t row_bytes, size_t pixel_bytes, const uint8_t *above,
    uint8_t *target);

/// Undoes the filters of as many rows at once as the name says, all of whose filter types exist.
typedef void headrace_unfilter_skewed(
    const headrace_filtered_rows *filtered, const uint8_t *above, uint8_t *target, size_t stride);

headrace_unfilter_skewed headrace_unfilter_4_rows;
#ifdef __x86_64__
headrace_unfilter_skewed headrace_unfilter_8_rows;
headrace_unfilter_skewed headrace_unfilter_16_rows;
#endif
