#pragma once

// Rows of 8-bit pixels to rows of tensors of other types; the same bits in every variant.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The types of elements, with the numbers that `DType` has for them.
enum {
  HEADRACE_CONVERT_UINT8 = 1,
  HEADRACE_CONVERT_FLOAT16 = 9,
  HEADRACE_CONVERT_BFLOAT16 = 10,
  HEADRACE_CONVERT_FLOAT32 = 11,
};

/// What becomes of a sample `x` of channel `c`: `x * scale[c] + offset[c]`, both operations rounded to float32, then
/// rounded to the type, halves to even. For uint8 it is cut off at 0 and 255.
typedef struct {
  int32_t type;
  /// Whether each channel has rows of its own.
  bool planar;
  /// 1, 3 or 4.
  size_t channels;
  float scale[4], offset[4];
} headrace_pixel_conversion;

/// Converts a row of `width` pixels.
///
/// - Parameters:
///   - mirrored: whether the last pixel comes first.
///   - target: `width * channels` elements; if planar, `width` for each channel.
///   - plane_bytes: if planar, the bytes from a channel's row to that of the next channel.
void headrace_convert_row(
    int32_t variant, const headrace_pixel_conversion *conversion, const uint8_t *row, size_t width, bool mirrored,
    void *target, size_t plane_bytes);

#ifdef __cplusplus
}
#endif
