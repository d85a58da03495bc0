#include <string.h>

#include "resize_internal.h"

// A fused multiplication and addition would round once where Pillow rounds twice.
#pragma STDC FP_CONTRACT OFF

/// Results whose weights are computed at once.
#define LANES 8
#define INLINE static inline __attribute__((always_inline))
// Vectors longer than those of the target are passed to functions that are always inlined: no convention can differ.
#pragma clang diagnostic ignored "-Wpsabi"

typedef double reals __attribute__((vector_size(8 * LANES)));
typedef int64_t masks __attribute__((vector_size(8 * LANES)));
typedef int32_t integers __attribute__((vector_size(4 * LANES)));

/// How far the kernel reaches to either side, in source pixels.
static double support_of(const headrace_resize_geometry *geometry) {
  double scale = geometry->interval_length / (double)geometry->target;
  double widened = geometry->antialias && scale > 1 ? scale : 1;
  return geometry->kernel == HEADRACE_RESIZE_BICUBIC ? 2 * widened : widened;
}

size_t headrace_resize_taps(const headrace_resize_geometry *geometry) {
  if (geometry->kernel == HEADRACE_RESIZE_NEAREST) return 2;
  double width = 2 * support_of(geometry);
  size_t taps = (size_t)width;
  // An interval of that width holds the centers of no more pixels than its width rounded up, but for the rounding of
  // its ends: a pixel that this brings in is at the very end of the kernel, and its weight is 0.
  if ((double)taps < width) taps++;
  if (taps > geometry->source_length) taps = geometry->source_length;
  return (taps + 1) & ~(size_t)1;
}

INLINE reals select(masks mask, reals a, reals b) { return (reals)((mask & (masks)a) | (~mask & (masks)b)); }

INLINE reals magnitude(reals x) { return (reals)((masks)x & INT64_MAX); }

INLINE reals kernel_at(reals x, bool bicubic) {
  x = magnitude(x);
  if (!bicubic) return select(x < 1, 1 - x, (reals){0});
  const double a = -0.5;
  reals inner = ((a + 2) * x - (a + 3)) * x * x + 1;
  reals outer = (((x - 5) * x + 8) * x - 4) * a;
  return select(x < 1, inner, select(x < 2, outer, (reals){0}));
}

/// Weights as fixed-point numbers, rounded to nearest, halves away from 0.
INLINE integers fixed(reals weight) {
  reals scaled = weight * (double)(1 << FRACTION_BITS);
  return __builtin_convertvector(select(weight < 0, -0.5 + scaled, 0.5 + scaled), integers);
}

/// Fills the weights of `LANES` results, of which the last ones may be the same; `places` are where they go.
INLINE void fill_results(
    const headrace_resize_geometry *geometry, size_t first, size_t taps, size_t tap_stride, int32_t *starts,
    int16_t *weights, bool bicubic) {
  double scale = geometry->interval_length / (double)geometry->target;
  double support = support_of(geometry);
  double inverse = 1 / (geometry->antialias && scale > 1 ? scale : 1);
  reals index;
  for (size_t i = 0; i < LANES; i++) index[i] = (double)(first + i);
  reals center = geometry->interval_start + (index + 0.5) * scale;
  integers from = __builtin_convertvector(center - support + 0.5, integers);
  from &= ~(from >> 31);
  integers to = __builtin_convertvector(center + support + 0.5, integers);
  int32_t length = (int32_t)geometry->source_length;
  to = (to & (to < length)) | (length & ~(to < length));
  reals start = __builtin_convertvector(from, reals);
  reals count = __builtin_convertvector(to - from, reals);

  reals sum = {0};
  for (size_t k = 0; k < taps + 1; k++) {
    reals tap = kernel_at((start + (double)k - center + 0.5) * inverse, bicubic);
    sum += select(count > (double)k, tap, (reals){0});
  }
  sum = select(sum == 0, sum + 1, sum);

  size_t left = geometry->to - first;
  size_t lanes = left < LANES ? left : LANES;
  int16_t *places[LANES];
  for (size_t i = 0; i < lanes; i++) {
    size_t place = geometry->mirrored ? geometry->to - 1 - (first + i) : first + i - geometry->from;
    starts[place] = from[i] + (int32_t)geometry->source_start;
    places[i] = weights + place * 2 * tap_stride;
  }
  for (size_t k = 0; k < taps; k++) {
    reals tap = kernel_at((start + (double)k - center + 0.5) * inverse, bicubic);
    integers weight = fixed(select(count > (double)k, tap / sum, (reals){0}));
    for (size_t i = 0; i < lanes; i++) {
      places[i][k] = (int16_t)(weight[i] >> LOWER_BITS);
      places[i][tap_stride + k] = (int16_t)(weight[i] & ((1 << LOWER_BITS) - 1));
    }
  }
}

static void fill_nearest(
    const headrace_resize_geometry *geometry, size_t tap_stride, int32_t *starts, int16_t *weights) {
  double scale = geometry->interval_length / (double)geometry->target;
  // Added up from the first result on, as Pillow does, since a product would round differently.
  double center = geometry->interval_start + scale * 0.5;
  for (size_t x = 0; x < geometry->to; x++, center += scale) {
    if (x < geometry->from) continue;
    size_t place = geometry->mirrored ? geometry->to - 1 - x : x - geometry->from;
    size_t nearest = (size_t)center;
    if (nearest >= geometry->source_length) nearest = geometry->source_length - 1;
    starts[place] = (int32_t)(nearest + geometry->source_start);
    weights[place * 2 * tap_stride] = 1 << LOWER_BITS;
  }
}

void headrace_resize_fill(
    const headrace_resize_geometry *geometry, size_t taps, size_t tap_stride, int32_t *starts, int16_t *weights) {
  size_t count = geometry->to - geometry->from, rounded = (count + 3) & ~(size_t)3;
  memset(weights, 0, rounded * 2 * tap_stride * sizeof *weights);
  if (geometry->kernel == HEADRACE_RESIZE_NEAREST) {
    fill_nearest(geometry, tap_stride, starts, weights);
  } else {
    for (size_t first = geometry->from; first < geometry->to; first += LANES) {
      if (geometry->kernel == HEADRACE_RESIZE_BICUBIC) {
        fill_results(geometry, first, taps, tap_stride, starts, weights, true);
      } else {
        fill_results(geometry, first, taps, tap_stride, starts, weights, false);
      }
    }
  }
  for (size_t i = count; i < rounded; i++) starts[i] = starts[count - 1];
}
