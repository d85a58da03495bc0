#include "colors_internal.h"
#include "headrace_simd.h"

void headrace_blend_gray(
    int32_t variant, float factor, float rest, uint8_t *pixels, size_t count, size_t channels) {
  switch (variant) {
#if defined(__x86_64__)
    case HEADRACE_SIMD_512_VBMI:
    case HEADRACE_SIMD_512: return headrace_blend_gray_512(factor, rest, pixels, count, channels);
    case HEADRACE_SIMD_256: return headrace_blend_gray_256(factor, rest, pixels, count, channels);
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    case HEADRACE_SIMD_128: return headrace_blend_gray_128(factor, rest, pixels, count, channels);
#endif
    default: return headrace_blend_gray_scalar(factor, rest, pixels, count, channels);
  }
}

void headrace_turn_hue(int32_t variant, float shift, uint8_t *pixels, size_t count, size_t channels) {
  switch (variant) {
#if defined(__x86_64__)
    case HEADRACE_SIMD_512_VBMI:
    case HEADRACE_SIMD_512: return headrace_turn_hue_512(shift, pixels, count, channels);
    case HEADRACE_SIMD_256: return headrace_turn_hue_256(shift, pixels, count, channels);
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    case HEADRACE_SIMD_128: return headrace_turn_hue_128(shift, pixels, count, channels);
#endif
    default: return headrace_turn_hue_scalar(shift, pixels, count, channels);
  }
}
