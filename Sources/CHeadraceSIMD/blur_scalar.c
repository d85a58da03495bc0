#include "blur_internal.h"

#pragma STDC FP_CONTRACT OFF

void headrace_blur_columns_scalar(
    const float *weights, size_t radius, const uint8_t *const *rows, size_t count, float *sums) {
  for (size_t i = 0; i < count; i++) {
    float sum = weights[0] * rows[radius][i];
    for (size_t k = 1; k <= radius; k++) sum += weights[k] * (float)(rows[radius - k][i] + rows[radius + k][i]);
    sums[i] = sum;
  }
}

void headrace_blur_row_scalar(
    const float *weights, size_t radius, const float *sums, size_t channels, size_t count, uint8_t *target) {
  for (size_t i = 0; i < count; i++) {
    const float *middle = sums + i;
    float sum = weights[0] * middle[0];
    for (size_t k = 1; k <= radius; k++) {
      const float *after = middle + k * channels, *before = middle - k * channels;
      sum += weights[k] * (*before + *after);
    }
    uint32_t whole = (uint32_t)sum;
    float rest = sum - (float)whole;
    target[i] = (uint8_t)(whole + (rest > 0.5f || (rest == 0.5f && (whole & 1))));
  }
}
