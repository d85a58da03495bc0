#include <stdlib.h>
#include <string.h>

#include "unfilter_internal.h"

/// Whichever of left, above and above left is nearest to left + above - above left; on a tie in that order.
/// https://www.w3.org/TR/png-3/#9Filter-type-4-Paeth
static uint8_t paeth(uint8_t a, uint8_t b, uint8_t c) {
  int to_a = abs(b - c), to_b = abs(a - c), to_c = abs(a + b - 2 * c);
  if (to_a <= to_b && to_a <= to_c) return a;
  return to_b <= to_c ? b : c;
}

static void unfilter_sub(const uint8_t *filtered, size_t count, size_t pixel_bytes, uint8_t *target) {
  for (size_t i = 0; i < count; i++) {
    uint8_t a = i < pixel_bytes ? 0 : target[i - pixel_bytes];
    target[i] = (uint8_t)(filtered[i] + a);
  }
}

static void unfilter_up(const uint8_t *filtered, size_t count, const uint8_t *above, uint8_t *target) {
  for (size_t i = 0; i < count; i++) target[i] = (uint8_t)(filtered[i] + above[i]);
}

static void unfilter_average(
    const uint8_t *filtered, size_t count, size_t pixel_bytes, const uint8_t *above, uint8_t *target) {
  for (size_t i = 0; i < count; i++) {
    unsigned a = i < pixel_bytes ? 0 : target[i - pixel_bytes];
    unsigned b = above == NULL ? 0 : above[i];
    target[i] = (uint8_t)(filtered[i] + (a + b) / 2);
  }
}

static void unfilter_paeth(
    const uint8_t *filtered, size_t count, size_t pixel_bytes, const uint8_t *above, uint8_t *target) {
  for (size_t i = 0; i < count; i++) {
    uint8_t a = i < pixel_bytes ? 0 : target[i - pixel_bytes];
    uint8_t b = above == NULL ? 0 : above[i];
    uint8_t c = i < pixel_bytes || above == NULL ? 0 : above[i - pixel_bytes];
    target[i] = (uint8_t)(filtered[i] + paeth(a, b, c));
  }
}

void headrace_unfilter_row(
    uint8_t filter, const uint8_t *filtered, size_t row_bytes, size_t pixel_bytes, const uint8_t *above,
    uint8_t *target) {
  switch (filter) {
    case FILTER_SUB: return unfilter_sub(filtered, row_bytes, pixel_bytes, target);
    case FILTER_UP:
      if (above != NULL) return unfilter_up(filtered, row_bytes, above, target);
      break;
    case FILTER_AVERAGE: return unfilter_average(filtered, row_bytes, pixel_bytes, above, target);
    case FILTER_PAETH: return unfilter_paeth(filtered, row_bytes, pixel_bytes, above, target);
    default: break;
  }
  memcpy(target, filtered, row_bytes);
}
