// Blurs 16 values at a time; a file defines BLUR_COLUMNS and BLUR_ROW, the names of the functions, and includes this
// under a target.

#include "blur_internal.h"
#include "pixel_blocks.h"

// A product rounded, then a sum rounded: not every target can do both at once.
#pragma STDC FP_CONTRACT OFF

INLINE reals load_reals(const float *values) {
  reals v;
  memcpy(&v, values, sizeof v);
  return v;
}

INLINE integers load_bytes(const uint8_t *values) {
  bytes v;
  memcpy(&v, values, sizeof v);
  return __builtin_convertvector(v, integers);
}

void BLUR_COLUMNS(const float *weights, size_t radius, const uint8_t *const *rows, size_t count, float *sums) {
  if (count < BLOCK) return headrace_blur_columns_scalar(weights, radius, rows, count, sums);
  for (size_t i = 0; i < count; i += BLOCK) {
    // The last block ends with the row, and makes some values once more.
    if (i + BLOCK > count) i = count - BLOCK;
    reals sum = __builtin_convertvector(load_bytes(rows[radius] + i), reals) * weights[0];
    for (size_t k = 1; k <= radius; k++) {
      integers pair = load_bytes(rows[radius - k] + i) + load_bytes(rows[radius + k] + i);
      sum += __builtin_convertvector(pair, reals) * weights[k];
    }
    memcpy(sums + i, &sum, sizeof sum);
  }
}

void BLUR_ROW(
    const float *weights, size_t radius, const float *sums, size_t channels, size_t count, uint8_t *target) {
  if (count < BLOCK) return headrace_blur_row_scalar(weights, radius, sums, channels, count, target);
  for (size_t i = 0; i < count; i += BLOCK) {
    if (i + BLOCK > count) i = count - BLOCK;
    reals sum = load_reals(sums + i) * weights[0];
    for (size_t k = 1; k <= radius; k++) {
      sum += (load_reals(sums + i - k * channels) + load_reals(sums + i + k * channels)) * weights[k];
    }
    // To a number of this size adding 2^23 rounds to a whole one, halves to even.
    const float shift = 8388608;
    bytes whole = __builtin_convertvector(__builtin_convertvector(sum + shift - shift, integers), bytes);
    memcpy(target + i, &whole, sizeof whole);
  }
}
