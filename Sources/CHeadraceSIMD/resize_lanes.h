// Resizes along rows and along columns with vectors of 16 * GROUPS bytes; a file defines GROUPS, HORIZONTAL and
// VERTICAL, the names of the functions, and includes this under a target that has such vectors.
//
// A weight has 22 fractional bits and a sign, too many for the instructions that multiply 16 bits and add pairs: it is
// two parts of 11 bits, with a sum each. Both sums are exact, and so is the one that they make.
//
// Along rows, a group of 16 bytes is a row: it holds one pixel, the sums of up to 4 channels, while the pixels that
// count are loaded four at a time and laid out in pairs. All groups have the same weights, which are loaded once.
//
//   loaded  | r0 g0 b0 r1 g1 b1 r2 g2 b2 r3 g3 b3 ... |
//   pairs   | r0 r1 | g0 g1 | b0 b1 | 0 0 |, then | r2 r3 | g2 g3 | b2 b3 | 0 0 |
//
// A gray row has as many sums as there are pairs in 8 pixels, to be added at the end.
//
// Along columns all bytes are alike: those of two rows are laid out in pairs.

#include <string.h>

#include "resize_internal.h"

#define INLINE static inline __attribute__((always_inline))
/// Results along a row that are made at once: they fill the bytes of a group.
#define BLOCK 4
/// Bytes of a group.
#define GROUP 16

typedef uint8_t bytes __attribute__((vector_size(GROUP * GROUPS)));
typedef int16_t words __attribute__((vector_size(GROUP * GROUPS)));
typedef int32_t dwords __attribute__((vector_size(GROUP * GROUPS)));

// Shuffles of bytes that do the same in each group; Z is a byte of 0, and -1 is any.
#define Z 99
#define BYTE_AT(g, i) ((i) < 0 ? -1 : (i) == Z ? GROUP * GROUPS : (i) + GROUP * (g))
#define BYTES_AT(g, a, b, c, d, e, f, h, i, j, k, l, m, n, o, p, q)                                                \
  BYTE_AT(g, a), BYTE_AT(g, b), BYTE_AT(g, c), BYTE_AT(g, d), BYTE_AT(g, e), BYTE_AT(g, f), BYTE_AT(g, h),         \
      BYTE_AT(g, i), BYTE_AT(g, j), BYTE_AT(g, k), BYTE_AT(g, l), BYTE_AT(g, m), BYTE_AT(g, n), BYTE_AT(g, o),     \
      BYTE_AT(g, p), BYTE_AT(g, q)
// The same of two vectors: bytes of the second count from 16 on.
#define EITHER_AT(g, i) ((i) < GROUP ? (i) + GROUP * (g) : (i) - GROUP + GROUP * (g) + GROUP * GROUPS)
#define EITHERS_AT(g, a, b, c, d, e, f, h, i, j, k, l, m, n, o, p, q)                                              \
  EITHER_AT(g, a), EITHER_AT(g, b), EITHER_AT(g, c), EITHER_AT(g, d), EITHER_AT(g, e), EITHER_AT(g, f),            \
      EITHER_AT(g, h), EITHER_AT(g, i), EITHER_AT(g, j), EITHER_AT(g, k), EITHER_AT(g, l), EITHER_AT(g, m),        \
      EITHER_AT(g, n), EITHER_AT(g, o), EITHER_AT(g, p), EITHER_AT(g, q)
#if GROUPS == 1
#define EACH(list, ...) list(0, __VA_ARGS__)
#elif GROUPS == 2
#define EACH(list, ...) list(0, __VA_ARGS__), list(1, __VA_ARGS__)
#else
#define EACH(list, ...) list(0, __VA_ARGS__), list(1, __VA_ARGS__), list(2, __VA_ARGS__), list(3, __VA_ARGS__)
#endif
#define SHUFFLE(v, ...) __builtin_shufflevector(v, (bytes){0}, EACH(BYTES_AT, __VA_ARGS__))
#define SHUFFLE_TWO(a, b, ...) __builtin_shufflevector(a, b, EACH(EITHERS_AT, __VA_ARGS__))

// The two operations that instructions have and the compiler's vectors have not.

/// The products of words, added up in pairs.
INLINE dwords products_of_pairs(words a, words b) {
#if defined(__x86_64__) && GROUPS == 1
  return (dwords)_mm_madd_epi16((__m128i)a, (__m128i)b);
#elif defined(__x86_64__) && GROUPS == 2
  return (dwords)_mm256_madd_epi16((__m256i)a, (__m256i)b);
#elif defined(__x86_64__)
  return (dwords)_mm512_madd_epi16((__m512i)a, (__m512i)b);
#else
  dwords first = ((dwords)a << 16 >> 16) * ((dwords)b << 16 >> 16);
  return first + ((dwords)a >> 16) * ((dwords)b >> 16);
#endif
}

/// From four vectors of numbers, which have 16 bits at most, to bytes from 0 to 255; in each group one after the other.
INLINE bytes narrowed(dwords a, dwords b, dwords c, dwords d) {
#if defined(__x86_64__) && GROUPS == 1
  __m128i low = _mm_packs_epi32((__m128i)a, (__m128i)b), high = _mm_packs_epi32((__m128i)c, (__m128i)d);
  return (bytes)_mm_packus_epi16(low, high);
#elif defined(__x86_64__) && GROUPS == 2
  __m256i low = _mm256_packs_epi32((__m256i)a, (__m256i)b), high = _mm256_packs_epi32((__m256i)c, (__m256i)d);
  return (bytes)_mm256_packus_epi16(low, high);
#elif defined(__x86_64__)
  __m512i low = _mm512_packs_epi32((__m512i)a, (__m512i)b), high = _mm512_packs_epi32((__m512i)c, (__m512i)d);
  return (bytes)_mm512_packus_epi16(low, high);
#else
  dwords numbers[4] = {a, b, c, d};
  bytes whole[4];
  for (size_t i = 0; i < 4; i++) {
    dwords above = numbers[i] > 255, below = numbers[i] < 0;
    whole[i] = (bytes)(((numbers[i] | above) & 255) & ~below);
  }
  bytes low = SHUFFLE_TWO(whole[0], whole[1], 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
  bytes high = SHUFFLE_TWO(whole[2], whole[3], 0, 4, 8, 12, 16, 20, 24, 28, 0, 0, 0, 0, 0, 0, 0, 0);
  return SHUFFLE_TWO(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
#endif
}

/// The numbers whose upper and lower parts are such sums, without their fraction.
INLINE dwords whole(dwords upper, dwords lower) { return ((upper << LOWER_BITS) + lower) >> FRACTION_BITS; }

INLINE dwords all_are(int32_t value) { return (dwords){0} + value; }

/// Two weights, side by side, in every pair.
INLINE words pair_of_weights(const int16_t *weights) {
  int32_t pair;
  memcpy(&pair, weights, sizeof pair);
  return (words)all_are(pair);
}

// MARK: Along rows

/// One row for each group, and what is read in place of its end.
typedef struct {
  const uint8_t *rows[GROUPS];
  /// Bytes that each row has.
  size_t row_bytes;
  /// The last 16 bytes of each row, then zeros.
  uint8_t ends[GROUPS][2 * GROUP];
} sources;

INLINE void set_sources(
    sources *s, const headrace_resize_rows *rows, size_t first, size_t row_count, size_t row_bytes) {
  s->row_bytes = row_bytes;
  memset(s->ends, 0, sizeof s->ends);
  size_t count = row_bytes < GROUP ? row_bytes : GROUP;
  for (size_t g = 0; g < GROUPS; g++) {
    size_t y = first + g < row_count ? first + g : row_count - 1;
    s->rows[g] = rows->source + y * rows->source_stride;
    memcpy(s->ends[g] + GROUP - count, s->rows[g] + row_bytes - count, count);
  }
}

/// 16 bytes of each row. Those that `reach_end` may reach beyond the row, where they are zeros.
INLINE bytes load(const sources *s, size_t at, bool reach_end) {
  uint8_t parts[GROUPS][GROUP];
  bytes whole;
  if (reach_end && at + GROUP > s->row_bytes) {
    size_t in_end = (at < s->row_bytes ? at : s->row_bytes) + GROUP - s->row_bytes;
    for (size_t g = 0; g < GROUPS; g++) memcpy(parts[g], s->ends[g] + in_end, GROUP);
  } else {
    for (size_t g = 0; g < GROUPS; g++) memcpy(parts[g], s->rows[g] + at, GROUP);
  }
  memcpy(&whole, parts, sizeof whole);
  return whole;
}

/// The first or the second pair of pixels, as words.
INLINE words pair_of_pixels(bytes pixels, size_t channels, bool second) {
  if (channels == 3) {
    return second ? (words)SHUFFLE(pixels, 6, Z, 9, Z, 7, Z, 10, Z, 8, Z, 11, Z, Z, Z, Z, Z)
                  : (words)SHUFFLE(pixels, 0, Z, 3, Z, 1, Z, 4, Z, 2, Z, 5, Z, Z, Z, Z, Z);
  }
  return second ? (words)SHUFFLE(pixels, 8, Z, 12, Z, 9, Z, 13, Z, 10, Z, 14, Z, 11, Z, 15, Z)
                : (words)SHUFFLE(pixels, 0, Z, 4, Z, 1, Z, 5, Z, 2, Z, 6, Z, 3, Z, 7, Z);
}

/// A pixel of 3 or 4 channels, each a number of 10 bits with sign.
INLINE dwords color_pixel(
    const headrace_resize_axis *axis, const sources *s, size_t x, size_t channels, bool reach_end) {
  const int16_t *upper_weights = axis->weights + x * 2 * axis->tap_stride;
  const int16_t *lower_weights = upper_weights + axis->tap_stride;
  size_t at = (size_t)axis->starts[x] * channels;
  dwords upper = {0}, lower = all_are(HALF);
  size_t k = 0;
  for (; k + 4 <= axis->taps; k += 4, at += 4 * channels) {
    bytes pixels = load(s, at, reach_end);
    words first = pair_of_pixels(pixels, channels, false), second = pair_of_pixels(pixels, channels, true);
    upper += products_of_pairs(first, pair_of_weights(upper_weights + k));
    lower += products_of_pairs(first, pair_of_weights(lower_weights + k));
    upper += products_of_pairs(second, pair_of_weights(upper_weights + k + 2));
    lower += products_of_pairs(second, pair_of_weights(lower_weights + k + 2));
  }
  if (k < axis->taps) {
    words first = pair_of_pixels(load(s, at, reach_end), channels, false);
    upper += products_of_pairs(first, pair_of_weights(upper_weights + k));
    lower += products_of_pairs(first, pair_of_weights(lower_weights + k));
  }
  return whole(upper, lower);
}

/// 8 weights, in every group.
INLINE words weights_of_group(const int16_t *weights) {
  uint8_t parts[GROUPS][GROUP];
  words whole;
  for (size_t g = 0; g < GROUPS; g++) memcpy(parts[g], weights, GROUP);
  memcpy(&whole, parts, sizeof whole);
  return whole;
}

/// The four sums that a gray pixel is the sum of, with fraction.
INLINE dwords gray_sums(const headrace_resize_axis *axis, const sources *s, size_t x, bool reach_end) {
  const int16_t *upper_weights = axis->weights + x * 2 * axis->tap_stride;
  const int16_t *lower_weights = upper_weights + axis->tap_stride;
  size_t at = (size_t)axis->starts[x];
  dwords upper = {0}, lower = {0};
  for (size_t k = 0; k < axis->taps; k += 8, at += 8) {
    words pixels = (words)SHUFFLE(load(s, at, reach_end), 0, Z, 1, Z, 2, Z, 3, Z, 4, Z, 5, Z, 6, Z, 7, Z);
    upper += products_of_pairs(pixels, weights_of_group(upper_weights + k));
    lower += products_of_pairs(pixels, weights_of_group(lower_weights + k));
  }
  return (upper << LOWER_BITS) + lower;
}

/// Four gray pixels: in each group the sums of a's numbers, of b's, of c's and of d's.
INLINE dwords gray_pixels(dwords a, dwords b, dwords c, dwords d) {
#define LOWS(v, w) (dwords) SHUFFLE_TWO((bytes)v, (bytes)w, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23)
#define HIGHS(v, w)                                                                                                \
  (dwords) SHUFFLE_TWO((bytes)v, (bytes)w, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31)
  dwords ab = LOWS(a, b) + HIGHS(a, b), cd = LOWS(c, d) + HIGHS(c, d);
  bytes even = SHUFFLE_TWO((bytes)ab, (bytes)cd, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23);
  bytes odd = SHUFFLE_TWO((bytes)ab, (bytes)cd, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  return ((dwords)even + (dwords)odd + HALF) >> FRACTION_BITS;
#undef LOWS
#undef HIGHS
}

/// Four results from `x` on, side by side.
INLINE bytes block_of_pixels(
    const headrace_resize_axis *axis, const sources *s, size_t x, size_t channels, bool reach_end) {
  if (channels == 1) {
    dwords pixels = gray_pixels(
        gray_sums(axis, s, x, reach_end), gray_sums(axis, s, x + 1, reach_end), gray_sums(axis, s, x + 2, reach_end),
        gray_sums(axis, s, x + 3, reach_end));
    return narrowed(pixels, pixels, pixels, pixels);
  }
  bytes pixels = narrowed(
      color_pixel(axis, s, x, channels, reach_end), color_pixel(axis, s, x + 1, channels, reach_end),
      color_pixel(axis, s, x + 2, channels, reach_end), color_pixel(axis, s, x + 3, channels, reach_end));
  return channels == 4 ? pixels : SHUFFLE(pixels, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, Z, Z, Z, Z);
}

INLINE void horizontal(
    const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_count, size_t channels) {
  sources s;
  // Bytes from the first pixel of a result up to where the last load for it ends.
  size_t steps = channels == 1 ? (axis->taps + 7) / 8 : (axis->taps + 3) / 4;
  size_t reach = (steps - 1) * (channels == 1 ? 8 : 4 * channels) + GROUP;
  size_t target_bytes = axis->count * channels;
  size_t row_bytes = axis->source_end * channels;
  for (size_t y = 0; y < row_count; y += GROUPS) {
    set_sources(&s, rows, y, row_count, row_bytes);
    uint8_t *targets[GROUPS];
    for (size_t g = 0; g < GROUPS; g++) {
      targets[g] = rows->target + (y + g < row_count ? y + g : row_count - 1) * rows->target_stride;
    }
    for (size_t x = 0; x < axis->count; x += BLOCK) {
      size_t first = (size_t)axis->starts[x], last = (size_t)axis->starts[x + BLOCK - 1];
      bool inside = (first > last ? first : last) * channels + reach <= row_bytes;
      bytes pixels =
          inside ? block_of_pixels(axis, &s, x, channels, false) : block_of_pixels(axis, &s, x, channels, true);
      uint8_t parts[GROUPS][GROUP];
      memcpy(parts, &pixels, sizeof parts);
      size_t at = x * channels;
      // The zeros behind three channels are written over by the next block, if there is room for them.
      size_t block_bytes = channels == 3 ? GROUP : BLOCK * channels;
      if (at + block_bytes <= target_bytes) {
        for (size_t g = 0; g < GROUPS; g++) memcpy(targets[g] + at, parts[g], block_bytes);
      } else {
        size_t rest = target_bytes - at < BLOCK * channels ? target_bytes - at : BLOCK * channels;
        for (size_t g = 0; g < GROUPS; g++) memcpy(targets[g] + at, parts[g], rest);
      }
    }
  }
}

void HORIZONTAL(const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_count, size_t channels) {
  switch (channels) {
    case 1: return horizontal(axis, rows, row_count, 1);
    case 3: return horizontal(axis, rows, row_count, 3);
    default: return horizontal(axis, rows, row_count, 4);
  }
}

// MARK: Along columns

/// A vector's bytes of result `y`, those that begin `at` bytes into the rows.
INLINE bytes column_block(const headrace_resize_axis *axis, size_t y, const headrace_resize_rows *rows, size_t at) {
  const int16_t *upper_weights = axis->weights + y * 2 * axis->tap_stride;
  const int16_t *lower_weights = upper_weights + axis->tap_stride;
  const uint8_t *source = rows->source + at;
  size_t row = (size_t)axis->starts[y] - rows->first_row, last = axis->source_end - 1 - rows->first_row;
  dwords upper[4] = {{0}}, lower[4];
  for (size_t i = 0; i < 4; i++) lower[i] = all_are(HALF);
  for (size_t k = 0; k < axis->taps; k += 2, row += 2) {
    bytes a, b;
    // Rows beyond the last one have weight 0.
    memcpy(&a, source + (row < last ? row : last) * rows->source_stride, sizeof a);
    memcpy(&b, source + (row + 1 < last ? row + 1 : last) * rows->source_stride, sizeof b);
    bytes low = SHUFFLE_TWO(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    bytes high = SHUFFLE_TWO(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    words pairs[4] = {
        (words)SHUFFLE(low, 0, Z, 1, Z, 2, Z, 3, Z, 4, Z, 5, Z, 6, Z, 7, Z),
        (words)SHUFFLE(low, 8, Z, 9, Z, 10, Z, 11, Z, 12, Z, 13, Z, 14, Z, 15, Z),
        (words)SHUFFLE(high, 0, Z, 1, Z, 2, Z, 3, Z, 4, Z, 5, Z, 6, Z, 7, Z),
        (words)SHUFFLE(high, 8, Z, 9, Z, 10, Z, 11, Z, 12, Z, 13, Z, 14, Z, 15, Z),
    };
    words upper_weight = pair_of_weights(upper_weights + k), lower_weight = pair_of_weights(lower_weights + k);
    for (size_t i = 0; i < 4; i++) {
      upper[i] += products_of_pairs(pairs[i], upper_weight);
      lower[i] += products_of_pairs(pairs[i], lower_weight);
    }
  }
  return narrowed(
      whole(upper[0], lower[0]), whole(upper[1], lower[1]), whole(upper[2], lower[2]), whole(upper[3], lower[3]));
}

void VERTICAL(
    const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_bytes, size_t from, size_t to) {
  for (size_t y = from; y < to; y++) {
    uint8_t *target = rows->target + (y - from) * rows->target_stride;
    for (size_t at = 0; at < row_bytes; at += sizeof(bytes)) {
      // The last block may begin in the one before: its bytes come out the same again.
      if (at + sizeof(bytes) > row_bytes) at = row_bytes - sizeof(bytes);
      bytes block = column_block(axis, y, rows, at);
      memcpy(target + at, &block, sizeof block);
    }
  }
}
