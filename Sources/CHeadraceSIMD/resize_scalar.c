#include "resize_internal.h"

static int32_t weight(const headrace_resize_axis *axis, size_t result, size_t tap) {
  const int16_t *upper = axis->weights + result * 2 * axis->tap_stride;
  return upper[tap] * (1 << LOWER_BITS) + upper[axis->tap_stride + tap];
}

static uint8_t pixel(int32_t sum) {
  int32_t value = sum >> FRACTION_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value;
}

/// Source pixels of a result that exist; the others have weight 0.
static size_t taps_within(const headrace_resize_axis *axis, size_t result) {
  size_t rest = axis->source_end - (size_t)axis->starts[result];
  return rest < axis->taps ? rest : axis->taps;
}

void headrace_resize_horizontal_scalar(
    const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_count, size_t channels) {
  for (size_t y = 0; y < row_count; y++) {
    for (size_t x = 0; x < axis->count; x++) {
      const uint8_t *source = rows->source + y * rows->source_stride + (size_t)axis->starts[x] * channels;
      uint8_t *target = rows->target + y * rows->target_stride + x * channels;
      size_t taps = taps_within(axis, x);
      for (size_t c = 0; c < channels; c++) {
        int32_t sum = HALF;
        for (size_t k = 0; k < taps; k++) sum += source[k * channels + c] * weight(axis, x, k);
        target[c] = pixel(sum);
      }
    }
  }
}

void headrace_resize_vertical_scalar(
    const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_bytes, size_t from, size_t to) {
  for (size_t y = from; y < to; y++) {
    const uint8_t *source = rows->source + ((size_t)axis->starts[y] - rows->first_row) * rows->source_stride;
    uint8_t *target = rows->target + (y - from) * rows->target_stride;
    size_t taps = taps_within(axis, y);
    for (size_t i = 0; i < row_bytes; i++) {
      int32_t sum = HALF;
      for (size_t k = 0; k < taps; k++) sum += source[k * rows->source_stride + i] * weight(axis, y, k);
      target[i] = pixel(sum);
    }
  }
}
