#include "headrace_simd.h"
#include "resize_internal.h"

void headrace_resize_horizontal(
    int32_t variant, const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_count,
    size_t channels) {
  if (row_count == 0) return;
  switch (variant) {
#if defined(__x86_64__)
    case HEADRACE_SIMD_512_VBMI:
      if (axis->blocks != NULL) return headrace_resize_horizontal_blocks(axis, rows, row_count, channels);
      return headrace_resize_horizontal_512_vbmi(axis, rows, row_count, channels);
    case HEADRACE_SIMD_512: return headrace_resize_horizontal_512(axis, rows, row_count, channels);
    case HEADRACE_SIMD_256: return headrace_resize_horizontal_256(axis, rows, row_count, channels);
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    case HEADRACE_SIMD_128: return headrace_resize_horizontal_128(axis, rows, row_count, channels);
#endif
    default: return headrace_resize_horizontal_scalar(axis, rows, row_count, channels);
  }
}

void headrace_resize_vertical(
    int32_t variant, const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_bytes, size_t from,
    size_t to) {
  // Rows shorter than a vector are for the next narrower one.
#if defined(__x86_64__)
  if (variant >= HEADRACE_SIMD_512_VBMI && row_bytes >= 64) {
    return headrace_resize_vertical_512_vbmi(axis, rows, row_bytes, from, to);
  }
  if (variant >= HEADRACE_SIMD_512 && row_bytes >= 64) {
    return headrace_resize_vertical_512(axis, rows, row_bytes, from, to);
  }
  if (variant >= HEADRACE_SIMD_256 && row_bytes >= 32) {
    return headrace_resize_vertical_256(axis, rows, row_bytes, from, to);
  }
#endif
#if defined(__x86_64__) || defined(__aarch64__)
  if (variant >= HEADRACE_SIMD_128 && row_bytes >= 16) {
    return headrace_resize_vertical_128(axis, rows, row_bytes, from, to);
  }
#endif
  headrace_resize_vertical_scalar(axis, rows, row_bytes, from, to);
}
