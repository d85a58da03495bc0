// Along rows with AVX-512 VBMI and VNNI: several results of a row at once, since one instruction picks their pixels out
// of any 64 bytes. Each is as many sums of 32 bits as it has channels, side by side in a vector:
//
//   gray  16 results  | s | s | s | s | ... |
//   RGB    5 results  | r g b | r g b | ... | - |
//   RGBA   4 results  | r g b a | r g b a | ... |
//
// Pixels come two at a time, as pairs of 16 bits. The second pair of every result is as far behind the first as the
// second pixel of two is behind the first of them, so that one table of places serves all pairs: the row moves on.

#include <string.h>

#include "resize_internal.h"

/// Bytes of a vector, which are also those of a row that a block sees at once.
#define VECTOR 64
/// Sums of 32 bits in a vector.
#define SUMS 16
/// Weights of a result that are laid out at most. More come only of a long line that becomes a few pixels, and laid out
/// they would take several times the memory that they take already.
#define MOST_TAPS 64

static size_t results_of_block(size_t channels) { return SUMS / channels; }

/// Places, and for each pair of pixels the upper and the lower parts of weights.
static size_t bytes_of_block(const headrace_resize_axis *axis) { return VECTOR * (1 + axis->taps); }

static size_t last_of_block(const headrace_resize_axis *axis, size_t first, size_t channels) {
  size_t end = first + results_of_block(channels);
  return (end < axis->count ? end : axis->count) - 1;
}

/// The first source pixel of a block: starts rise from result to result, or fall where they are mirrored.
static size_t start_of_block(const headrace_resize_axis *axis, size_t first, size_t last) {
  int32_t a = axis->starts[first], b = axis->starts[last];
  return (size_t)(a < b ? a : b);
}

size_t headrace_resize_block_bytes(int32_t variant, const headrace_resize_axis *axis, size_t channels) {
  if (variant != HEADRACE_SIMD_512_VBMI || axis->taps > MOST_TAPS) return 0;
  size_t step = results_of_block(channels), count = 0;
  for (size_t first = 0; first < axis->count; first += step, count++) {
    size_t last = last_of_block(axis, first, channels);
    size_t a = (size_t)axis->starts[first], b = (size_t)axis->starts[last];
    // The two pixels of the result that is farthest off must be within a vector.
    if (((a < b ? b - a : a - b) + 2) * channels > VECTOR) return 0;
  }
  return count * bytes_of_block(axis);
}

void headrace_resize_fill_blocks(const headrace_resize_axis *axis, size_t channels, uint8_t *blocks) {
  size_t step = results_of_block(channels), pairs = axis->taps / 2;
  for (size_t first = 0; first < axis->count; first += step, blocks += bytes_of_block(axis)) {
    size_t last = last_of_block(axis, first, channels);
    size_t start = start_of_block(axis, first, last);
    memset(blocks, 0, bytes_of_block(axis));
    for (size_t x = first; x <= last; x++) {
      const int16_t *upper = axis->weights + x * 2 * axis->tap_stride, *lower = upper + axis->tap_stride;
      size_t place = ((size_t)axis->starts[x] - start) * channels;
      for (size_t c = 0; c < channels; c++) {
        uint8_t *sum = blocks + ((x - first) * channels + c) * sizeof(int32_t);
        sum[0] = (uint8_t)(place + c);
        sum[2] = (uint8_t)(place + channels + c);
        for (size_t k = 0; k < pairs; k++) {
          memcpy(sum + VECTOR * (1 + 2 * k), upper + 2 * k, 2 * sizeof *upper);
          memcpy(sum + VECTOR * (2 + 2 * k), lower + 2 * k, 2 * sizeof *lower);
        }
      }
    }
  }
}

#ifdef __x86_64__
#include <immintrin.h>
#pragma clang attribute push(                                                                                      \
    __attribute__((target("avx512bw,avx512vl,avx512dq,avx512vbmi,avx512vnni"))), apply_to = function)
#define INLINE static inline __attribute__((always_inline))
/// Rows that are resized at once: places and weights are loaded once for all of them.
#define ROWS 4

/// The first `count` of 64 bytes.
INLINE __mmask64 first_bytes(size_t count) { return count < VECTOR ? ((__mmask64)1 << count) - 1 : ~(__mmask64)0; }

/// A block's results of `ROWS` rows; those that `reach_end` may look beyond a row's end, where zeros are taken.
INLINE void make_block(
    const uint8_t *block, size_t pairs, const uint8_t *const *sources, size_t at, size_t row_bytes, size_t channels,
    bool reach_end, __m128i *results) {
  const __mmask64 even = 0x5555555555555555;
  __m512i places = _mm512_loadu_si512(block);
  __m512i upper[ROWS], lower[ROWS];
  for (size_t r = 0; r < ROWS; r++) {
    upper[r] = _mm512_setzero_si512();
    lower[r] = _mm512_set1_epi32(HALF);
  }
  for (size_t k = 0; k < pairs; k++, at += 2 * channels) {
    __m512i upper_weights = _mm512_loadu_si512(block + VECTOR * (1 + 2 * k));
    __m512i lower_weights = _mm512_loadu_si512(block + VECTOR * (2 + 2 * k));
    for (size_t r = 0; r < ROWS; r++) {
      size_t left = at < row_bytes ? row_bytes - at : 0;
      __m512i bytes = reach_end ? _mm512_maskz_loadu_epi8(first_bytes(left), sources[r] + at)
                                : _mm512_loadu_si512(sources[r] + at);
      __m512i pixels = _mm512_maskz_permutexvar_epi8(even, places, bytes);
      upper[r] = _mm512_dpwssd_epi32(upper[r], pixels, upper_weights);
      lower[r] = _mm512_dpwssd_epi32(lower[r], pixels, lower_weights);
    }
  }
  for (size_t r = 0; r < ROWS; r++) {
    __m512i sum = _mm512_add_epi32(_mm512_slli_epi32(upper[r], LOWER_BITS), lower[r]);
    __m512i value = _mm512_max_epi32(_mm512_srai_epi32(sum, FRACTION_BITS), _mm512_setzero_si512());
    results[r] = _mm512_cvtusepi32_epi8(value);
  }
}

INLINE void horizontal(
    const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_count, size_t channels) {
  size_t step = results_of_block(channels), pairs = axis->taps / 2, row_bytes = axis->source_end * channels;
  // Bytes from a block's first one up to where its last load ends.
  size_t reach = (pairs - 1) * 2 * channels + VECTOR;
  for (size_t y = 0; y < row_count; y += ROWS) {
    const uint8_t *sources[ROWS];
    uint8_t *targets[ROWS];
    for (size_t r = 0; r < ROWS; r++) {
      size_t row = y + r < row_count ? y + r : row_count - 1;
      sources[r] = rows->source + row * rows->source_stride;
      targets[r] = rows->target + row * rows->target_stride;
    }
    const uint8_t *block = axis->blocks;
    for (size_t first = 0; first < axis->count; first += step, block += bytes_of_block(axis)) {
      size_t last = last_of_block(axis, first, channels);
      size_t at = start_of_block(axis, first, last) * channels;
      __m128i results[ROWS];
      if (at + reach <= row_bytes) {
        make_block(block, pairs, sources, at, row_bytes, channels, false, results);
      } else {
        make_block(block, pairs, sources, at, row_bytes, channels, true, results);
      }
      __mmask16 made = (__mmask16)((1u << ((last + 1 - first) * channels)) - 1);
      for (size_t r = 0; r < ROWS; r++) _mm_mask_storeu_epi8(targets[r] + first * channels, made, results[r]);
    }
  }
}

void headrace_resize_horizontal_blocks(
    const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_count, size_t channels) {
  switch (channels) {
    case 1: return horizontal(axis, rows, row_count, 1);
    case 3: return horizontal(axis, rows, row_count, 3);
    default: return horizontal(axis, rows, row_count, 4);
  }
}
#pragma clang attribute pop
#endif
