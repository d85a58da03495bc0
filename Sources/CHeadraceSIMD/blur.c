#include <math.h>

#include "blur_internal.h"
#include "headrace_simd.h"

static double gaussian(double deviations) { return exp(-deviations * deviations / 2); }

void headrace_blur_weights(double sigma, size_t radius, float *weights) {
  double sum = 1;
  for (size_t k = 1; k <= radius; k++) sum += 2 * gaussian((double)k / sigma);
  for (size_t k = 0; k <= radius; k++) weights[k] = (float)(gaussian((double)k / sigma) / sum);
}

void headrace_blur_columns(
    int32_t variant, const float *weights, size_t radius, const uint8_t *const *rows, size_t count, float *sums) {
  switch (variant) {
#if defined(__x86_64__)
    case HEADRACE_SIMD_512_VBMI:
    case HEADRACE_SIMD_512: return headrace_blur_columns_512(weights, radius, rows, count, sums);
    case HEADRACE_SIMD_256: return headrace_blur_columns_256(weights, radius, rows, count, sums);
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    case HEADRACE_SIMD_128: return headrace_blur_columns_128(weights, radius, rows, count, sums);
#endif
    default: return headrace_blur_columns_scalar(weights, radius, rows, count, sums);
  }
}

void headrace_blur_row(
    int32_t variant, const float *weights, size_t radius, const float *sums, size_t channels, size_t count,
    uint8_t *target) {
  switch (variant) {
#if defined(__x86_64__)
    case HEADRACE_SIMD_512_VBMI:
    case HEADRACE_SIMD_512: return headrace_blur_row_512(weights, radius, sums, channels, count, target);
    case HEADRACE_SIMD_256: return headrace_blur_row_256(weights, radius, sums, channels, count, target);
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    case HEADRACE_SIMD_128: return headrace_blur_row_128(weights, radius, sums, channels, count, target);
#endif
    default: return headrace_blur_row_scalar(weights, radius, sums, channels, count, target);
  }
}
