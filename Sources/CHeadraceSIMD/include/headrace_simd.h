#pragma once

// Hot loops that need vector instructions, each with a scalar twin that says the same in the plainest words.
// No function allocates, and none keeps anything between calls.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// All headers of the module: a build that is there already sees by this one that another has come.
#include "headrace_blur.h"
#include "headrace_colors.h"
#include "headrace_convert.h"
#include "headrace_resize.h"

#ifdef __cplusplus
extern "C" {
#endif

/// The variants of a loop, narrow to wide.
enum {
  /// One byte at a time.
  HEADRACE_SIMD_SCALAR = 0,
  /// 16 bytes: SSE4.1, or NEON.
  HEADRACE_SIMD_128 = 1,
  /// 32 bytes: AVX2.
  HEADRACE_SIMD_256 = 2,
  /// 64 bytes: AVX-512 with its instructions for bytes.
  HEADRACE_SIMD_512 = 3,
  /// 64 bytes that one instruction can put into any order, and sums of products: AVX-512 with VBMI and VNNI.
  HEADRACE_SIMD_512_VBMI = 4,
};

/// The widest variant that this processor can run.
int32_t headrace_simd_widest(void);

/// Consecutive rows of a PNG image as inflated: each a byte that names its filter, then `row_bytes` filtered bytes.
typedef struct {
  const uint8_t *rows;
  size_t row_count;
  size_t row_bytes;
  /// Bytes of a pixel, 1 to 4: how far back a filter looks.
  size_t pixel_bytes;
} headrace_filtered_rows;

/// Undoes the filters of some rows and writes them `stride` bytes apart to `target`; nothing between them is touched.
///
/// `target` must not overlap the filtered rows; `above` may lie in front of it.
///
/// - Parameters:
///   - variant: one that `headrace_simd_widest` allows.
///   - above: the row above the first, unfiltered; NULL at the top of the image.
/// - Returns: false where a row has a filter that does not exist; what `target` holds is unspecified then.
/// - See: https://www.w3.org/TR/png-3/#9Filters
bool headrace_png_unfilter(
    int32_t variant, const headrace_filtered_rows *filtered, const uint8_t *above, uint8_t *target, size_t stride);

#ifdef __cplusplus
}
#endif
