// Undoes the filters of 4 * GROUPS rows at once; a file defines GROUPS and UNFILTER, the function's name, and includes
// this under a target that has vectors of 16 * GROUPS bytes.
//
// Sub, Average and Paeth need the pixel to the left, so one row is one chain of dependent pixels. Rows in skew are as
// many chains: each row is a pixel behind the row above it, whose pixel of the step before is then the one above. A
// vector holds one pixel of each row, 4 bytes wide whatever the pixel's size:
//
//   step t      | row 0: pixel t | row 1: pixel t-1 | row 2: pixel t-2 | row 3: pixel t-3 |
//   left        = the result of step t-1
//   above       = the same, moved by one row, with pixel t of the row above row 0 in front
//   above left  = `above` of step t-1
//
// Moving a pixel from one group of 16 bytes to the next takes three times as long as within a group, so the first row
// of each further group is two pixels behind: what it takes over is a step older, and is ready.
//
// Pixels before the first count as 0, and so they come out: a 0 that is predicted from zeros.
//
// The vectors are the compiler's own, not those of one processor: https://clang.llvm.org/docs/LanguageExtensions.html

#include <string.h>

#include "unfilter_internal.h"

#define ROWS (4 * GROUPS)
/// Pixels by which the last row is behind the first.
#define LAST_LAG (ROWS - 1 + GROUPS - 1)
/// Pixels of a row that are loaded, worked on and stored at once.
#define STEPS 4
#define INLINE static inline __attribute__((always_inline))

typedef uint8_t group __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(16 * GROUPS)));
typedef uint32_t pixels __attribute__((vector_size(16 * GROUPS)));

/// Which rows have which filter: all bits of a row's pixel, or none.
typedef struct {
  bytes left, above, above_left;
  bytes average, average_low_bit;
} masks;

/// What a step leaves for the next ones: its result, that of the step before, and what was above.
typedef struct {
  bytes left, older, above;
} state;

/// Which of the filters with a dependence occur, apart from Sub.
typedef struct {
  bool average, paeth;
} filters;

INLINE size_t lag(size_t row) { return row + row / 4; }

// Shuffles that do the same in each group. Indices count through the groups of both operands, that of an operand with
// 4 pixels from 0 and 4, with 16 bytes from 0; -1 is any.
#define PIXEL_AT(g, i) ((i) < 4 ? (i) + 4 * (g) : (i) - 4 + 4 * (g) + ROWS)
#define PIXELS_AT(g, a, b, c, d) PIXEL_AT(g, a), PIXEL_AT(g, b), PIXEL_AT(g, c), PIXEL_AT(g, d)
#define BYTE_AT(g, i) ((i) < 0 ? -1 : (i) + 16 * (g))
#define BYTES_AT(g, a, b, c, d, e, f, h, i, j, k, l, m, n, o, p, q)                                                \
  BYTE_AT(g, a), BYTE_AT(g, b), BYTE_AT(g, c), BYTE_AT(g, d), BYTE_AT(g, e), BYTE_AT(g, f), BYTE_AT(g, h),         \
      BYTE_AT(g, i), BYTE_AT(g, j), BYTE_AT(g, k), BYTE_AT(g, l), BYTE_AT(g, m), BYTE_AT(g, n), BYTE_AT(g, o),     \
      BYTE_AT(g, p), BYTE_AT(g, q)
// ENTERING puts into each group's last pixel what moves on to the first row of the group: pixel `k` of the row above
// all rows for the first group, the last pixel of the group before for the others.
#if GROUPS == 1
#define EACH(list, ...) list(0, __VA_ARGS__)
#define ENTERING(above, older, k) __builtin_shufflevector(above, above, -1, -1, -1, k)
#elif GROUPS == 2
#define EACH(list, ...) list(0, __VA_ARGS__), list(1, __VA_ARGS__)
#define ENTERING(above, older, k) __builtin_shufflevector(above, older, -1, -1, -1, k, -1, -1, -1, ROWS + 3)
#else
#define EACH(list, ...) list(0, __VA_ARGS__), list(1, __VA_ARGS__), list(2, __VA_ARGS__), list(3, __VA_ARGS__)
#define ENTERING(above, older, k)                                                                                  \
  __builtin_shufflevector(                                                                                         \
      above, older, -1, -1, -1, k, -1, -1, -1, ROWS + 3, -1, -1, -1, ROWS + 7, -1, -1, -1, ROWS + 11)
#endif
#define SHUFFLE_PIXELS(a, b, ...) __builtin_shufflevector(a, b, EACH(PIXELS_AT, __VA_ARGS__))
#define SHUFFLE_BYTES(v, ...) __builtin_shufflevector(v, v, EACH(BYTES_AT, __VA_ARGS__))

/// From pixels side by side to pixels of 4 bytes.
INLINE bytes widened(bytes v, size_t pixel_bytes) {
  switch (pixel_bytes) {
    case 1: return SHUFFLE_BYTES(v, 0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, 3, -1, -1, -1);
    case 2: return SHUFFLE_BYTES(v, 0, 1, -1, -1, 2, 3, -1, -1, 4, 5, -1, -1, 6, 7, -1, -1);
    case 3: return SHUFFLE_BYTES(v, 0, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8, -1, 9, 10, 11, -1);
    default: return v;
  }
}

INLINE bytes narrowed(bytes v, size_t pixel_bytes) {
  switch (pixel_bytes) {
    case 1: return SHUFFLE_BYTES(v, 0, 4, 8, 12, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1);
    case 2: return SHUFFLE_BYTES(v, 0, 1, 4, 5, 8, 9, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1);
    case 3: return SHUFFLE_BYTES(v, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
    default: return v;
  }
}

/// Bytes that are loaded or stored for 4 pixels: of pixels of 3 bytes 16, of which 12 count.
INLINE size_t block_bytes(size_t pixel_bytes) { return pixel_bytes == 3 ? 16 : STEPS * pixel_bytes; }

/// 4 pixels of every fourth row, each in 4 bytes.
INLINE pixels load(const uint8_t *const *sources, size_t at, size_t pixel_bytes) {
  group parts[GROUPS] = {0};
  bytes whole;
  for (size_t g = 0; g < GROUPS; g++) memcpy(&parts[g], sources[4 * g] + at, block_bytes(pixel_bytes));
  memcpy(&whole, parts, sizeof whole);
  return (pixels)widened(whole, pixel_bytes);
}

INLINE void store(uint8_t *const *targets, size_t at, pixels block, size_t pixel_bytes) {
  bytes whole = narrowed((bytes)block, pixel_bytes);
  group parts[GROUPS];
  memcpy(parts, &whole, sizeof parts);
  for (size_t g = 0; g < GROUPS; g++) memcpy(targets[4 * g] + at, &parts[g], block_bytes(pixel_bytes));
}

/// From 4 pixels of every fourth row to one pixel of every row, and back: a matrix in each group.
INLINE void transpose(pixels m[STEPS]) {
  pixels t0 = SHUFFLE_PIXELS(m[0], m[1], 0, 4, 1, 5), t1 = SHUFFLE_PIXELS(m[2], m[3], 0, 4, 1, 5);
  pixels t2 = SHUFFLE_PIXELS(m[0], m[1], 2, 6, 3, 7), t3 = SHUFFLE_PIXELS(m[2], m[3], 2, 6, 3, 7);
  m[0] = SHUFFLE_PIXELS(t0, t1, 0, 1, 4, 5);
  m[1] = SHUFFLE_PIXELS(t0, t1, 2, 3, 6, 7);
  m[2] = SHUFFLE_PIXELS(t2, t3, 0, 1, 4, 5);
  m[3] = SHUFFLE_PIXELS(t2, t3, 2, 3, 6, 7);
}

/// Whichever of left, above and above left is nearest to left + above - above left, as Paeth has it, in 8 bits.
///
/// With low <= high of left and above that is low if 2 (high - c) <= c - low, high if 2 (c - low) <= high - c, else c.
/// A difference below 0 counts as 0: c lies outside then, and the far one is the nearest. Both hold only if all are
/// equal. Left alone (b = c = 0) and above alone (a = c = 0) are predicted by themselves: so Sub and Up are cases of
/// it.
INLINE bytes nearest(bytes a, bytes b, bytes c) {
  bytes low = __builtin_elementwise_min(a, b), high = __builtin_elementwise_max(a, b);
  bytes to_high = __builtin_elementwise_sub_sat(high, c), to_low = __builtin_elementwise_sub_sat(c, low);
  bytes is_low = (bytes)(__builtin_elementwise_add_sat(to_high, to_high) <= to_low);
  bytes is_high = (bytes)(__builtin_elementwise_add_sat(to_low, to_low) <= to_high);
  return (low & is_low) | (high & is_high) | (c & ~(is_low | is_high));
}

INLINE pixels step(state *s, pixels filtered, pixels entering, const masks *m, filters has) {
  bytes a = s->left, c = s->above & m->above_left;
  bytes b = (bytes)SHUFFLE_PIXELS(entering, (pixels)a, 3, 4, 5, 6);
  bytes result = (bytes)filtered;
  if (has.average) {
    // The instruction for averages rounds up, the filter down.
    bytes up = (a | b) - ((a ^ b) >> 1);
    result += (up & m->average) - ((a ^ b) & m->average_low_bit);
  }
  if (has.paeth) result += nearest(a & m->left, b & m->above, c);
  else result += (a & m->left) | (b & m->above);
  *s = (state){.left = result, .older = a, .above = b};
  return (pixels)result;
}

/// Four steps of all rows, whose own pointers have the lag in them; `at` is added to all.
INLINE void run_block(
    state *s, const uint8_t *const *sources, uint8_t *const *targets, const uint8_t *above, size_t at,
    const masks *m, size_t pixel_bytes, filters has) {
  pixels block[STEPS];
  for (size_t i = 0; i < STEPS; i++) block[i] = load(sources + i, at, pixel_bytes);
  transpose(block);
  bytes top = {0};
  if (above != NULL) memcpy(&top, above, block_bytes(pixel_bytes));
  pixels first = (pixels)widened(top, pixel_bytes);
  block[0] = step(s, block[0], ENTERING(first, (pixels)s->older, 0), m, has);
  block[1] = step(s, block[1], ENTERING(first, (pixels)s->older, 1), m, has);
  block[2] = step(s, block[2], ENTERING(first, (pixels)s->older, 2), m, has);
  block[3] = step(s, block[3], ENTERING(first, (pixels)s->older, 3), m, has);
  transpose(block);
  for (size_t i = 0; i < STEPS; i++) store(targets + i, at, block[i], pixel_bytes);
}

/// A block of which some rows have no more than a part, or nothing; it goes through memory of its own, so that no byte
/// beside a row is read or written.
INLINE void run_edge(
    state *s, const headrace_filtered_rows *filtered, const uint8_t *above, uint8_t *target, size_t stride, size_t x,
    const masks *m, size_t pixel_bytes, filters has) {
  uint8_t inputs[ROWS][16] = {0}, outputs[ROWS][16], top[16] = {0};
  const uint8_t *sources[ROWS];
  uint8_t *targets[ROWS];
  size_t width = filtered->row_bytes / pixel_bytes;
  for (size_t r = 0; r < ROWS; r++) {
    const uint8_t *row = filtered->rows + r * (filtered->row_bytes + 1) + 1;
    for (size_t k = 0; k < STEPS; k++) {
      // Where the pixel would be before the first this is huge.
      size_t pixel = x + k - lag(r);
      if (pixel < width) memcpy(inputs[r] + k * pixel_bytes, row + pixel * pixel_bytes, pixel_bytes);
    }
    sources[r] = inputs[r];
    targets[r] = outputs[r];
  }
  for (size_t k = 0; k < STEPS && above != NULL && x + k < width; k++) {
    memcpy(top + k * pixel_bytes, above + (x + k) * pixel_bytes, pixel_bytes);
  }
  run_block(s, sources, targets, top, 0, m, pixel_bytes, has);
  for (size_t r = 0; r < ROWS; r++) {
    for (size_t k = 0; k < STEPS; k++) {
      size_t pixel = x + k - lag(r);
      if (pixel < width) {
        memcpy(target + r * stride + pixel * pixel_bytes, outputs[r] + k * pixel_bytes, pixel_bytes);
      }
    }
  }
}

INLINE void unfilter(
    const headrace_filtered_rows *filtered, const uint8_t *above, uint8_t *target, size_t stride, const masks *m,
    size_t pixel_bytes, filters has) {
  size_t width = filtered->row_bytes / pixel_bytes;
  state s = {0};
  size_t x = 0;
  for (; x < LAST_LAG; x += STEPS) run_edge(&s, filtered, above, target, stride, x, m, pixel_bytes, has);
  const uint8_t *sources[ROWS];
  uint8_t *targets[ROWS];
  for (size_t r = 0; r < ROWS; r++) {
    sources[r] = filtered->rows + r * (filtered->row_bytes + 1) + 1 - lag(r) * pixel_bytes;
    targets[r] = target + r * stride - lag(r) * pixel_bytes;
  }
  for (; x * pixel_bytes + block_bytes(pixel_bytes) <= filtered->row_bytes; x += STEPS) {
    size_t at = x * pixel_bytes;
    run_block(&s, sources, targets, above == NULL ? NULL : above + at, at, m, pixel_bytes, has);
  }
  for (; x < width + LAST_LAG; x += STEPS) run_edge(&s, filtered, above, target, stride, x, m, pixel_bytes, has);
}

/// One function for each size of pixel, in which that and what `has` says are constants.
#define UNFILTER_PIXELS_OF(count)                                                                                  \
  static void unfilter_##count(                                                                                    \
      const headrace_filtered_rows *filtered, const uint8_t *above, uint8_t *target, size_t stride,                \
      const masks *m, filters has) {                                                                               \
    if (!has.paeth) return unfilter(filtered, above, target, stride, m, count, (filters){.average = true});        \
    if (!has.average) return unfilter(filtered, above, target, stride, m, count, (filters){.paeth = true});        \
    return unfilter(filtered, above, target, stride, m, count, (filters){.average = true, .paeth = true});         \
  }
UNFILTER_PIXELS_OF(1)
UNFILTER_PIXELS_OF(2)
UNFILTER_PIXELS_OF(3)
UNFILTER_PIXELS_OF(4)

void UNFILTER(const headrace_filtered_rows *filtered, const uint8_t *above, uint8_t *target, size_t stride) {
  uint32_t types[ROWS];
  filters has = {false, false};
  for (size_t r = 0; r < ROWS; r++) {
    types[r] = filtered->rows[r * (filtered->row_bytes + 1)];
    has.paeth |= types[r] == FILTER_PAETH;
    has.average |= types[r] == FILTER_AVERAGE;
  }
  pixels type;
  memcpy(&type, types, sizeof type);
  bytes is_paeth = (bytes)(type == FILTER_PAETH), is_average = (bytes)(type == FILTER_AVERAGE);
  masks m = {
      .left = (bytes)(type == FILTER_SUB) | is_paeth,
      .above = (bytes)(type == FILTER_UP) | is_paeth,
      .above_left = is_paeth,
      .average = is_average,
      .average_low_bit = is_average & 1,
  };
  switch (filtered->pixel_bytes) {
    case 1: return unfilter_1(filtered, above, target, stride, &m, has);
    case 2: return unfilter_2(filtered, above, target, stride, &m, has);
    case 3: return unfilter_3(filtered, above, target, stride, &m, has);
    default: return unfilter_4(filtered, above, target, stride, &m, has);
  }
}
