#include "convert_internal.h"
#include "headrace_simd.h"

void headrace_convert_row(
    int32_t variant, const headrace_pixel_conversion *c, const uint8_t *row, size_t width, bool mirrored, void *target,
    size_t plane_bytes) {
  switch (variant) {
#if defined(__x86_64__)
    case HEADRACE_SIMD_512_VBMI:
    case HEADRACE_SIMD_512: return headrace_convert_row_512(c, row, width, mirrored, target, plane_bytes);
    case HEADRACE_SIMD_256: return headrace_convert_row_256(c, row, width, mirrored, target, plane_bytes);
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    case HEADRACE_SIMD_128: return headrace_convert_row_128(c, row, width, mirrored, target, plane_bytes);
#endif
    default: return headrace_convert_row_scalar(c, row, width, mirrored, target, plane_bytes);
  }
}
