// Converts rows, 16 pixels at a time; a file defines CONVERT, the name of the function, and HAS_FLOAT16 where the
// target converts to float16 by itself, and includes this under that target.

#include "convert_internal.h"
#include "pixel_blocks.h"

// A product rounded, then a sum rounded: not every target can do both at once.
#pragma STDC FP_CONTRACT OFF

/// Scale and offset of 16 elements in a row; interleaved pixels of 3 channels have three such vectors, others one.
typedef struct {
  reals scale[4], offset[4];
} factors;

INLINE size_t bytes_of(int32_t type) {
  return type == HEADRACE_CONVERT_UINT8 ? 1 : type == HEADRACE_CONVERT_FLOAT32 ? 4 : 2;
}

/// Rounds to the upper half of a float32, halves to even. No input is NaN.
INLINE words bfloat16_of(reals v) {
  patterns bits = (patterns)v;
  return __builtin_convertvector((bits + 0x7FFF + (bits >> 16 & 1)) >> 16, words);
}

#ifndef HAS_FLOAT16
INLINE patterns choose(patterns mask, patterns a, patterns b) { return (mask & a) | (~mask & b); }

/// Rounds to binary16, halves to even, in integers. No input is NaN.
INLINE words float16_of(reals v) {
  patterns bits = (patterns)v, sign = bits >> 16 & 0x8000, size = bits & 0x7FFFFFFF;
  // From 2^-14 on: the exponent moves by 112, and the fraction loses 13 bits. A carry runs into the exponent.
  patterns normal = (size - (112u << 23) + 0xFFF + (size >> 13 & 1)) >> 13;
  // Below, binary16 has steps of 2^-24: those that 0.5 has as float32, to which adding it rounds.
  patterns half = {0};
  half += 0x3F000000;
  patterns small = (patterns)((reals)size + (reals)half) - half;
  patterns result = choose((patterns)(size < 0x38800000), small, normal);
  // From 65,520 on, what rounds to 2^16 or more is infinite.
  result = choose((patterns)(size >= 0x477FF000), (patterns){0} + 0x7C00, result);
  return __builtin_convertvector(result | sign, words);
}
#else
typedef _Float16 halves __attribute__((vector_size(2 * BLOCK)));
INLINE words float16_of(reals v) { return (words)__builtin_convertvector(v, halves); }
#endif

INLINE bytes uint8_of(reals v) {
  reals bounded = __builtin_elementwise_min(__builtin_elementwise_max(v, (reals){0}), (reals){0} + 255);
  // To a number of this size adding 2^23 rounds to a whole one, halves to even.
  const float shift = 8388608;
  return __builtin_convertvector(__builtin_convertvector(bounded + shift - shift, integers), bytes);
}

/// 16 elements.
INLINE void convert(bytes v, reals scale, reals offset, int32_t type, uint8_t *target) {
  reals result = reals_of(v) * scale + offset;
  if (type == HEADRACE_CONVERT_FLOAT32) {
    memcpy(target, &result, sizeof result);
  } else if (type == HEADRACE_CONVERT_UINT8) {
    bytes whole = uint8_of(result);
    memcpy(target, &whole, sizeof whole);
  } else {
    words half = type == HEADRACE_CONVERT_FLOAT16 ? float16_of(result) : bfloat16_of(result);
    memcpy(target, &half, sizeof half);
  }
}

/// 16 pixels, in the order of the target.
INLINE void convert_block(
    const factors *f, const uint8_t *pixels, int32_t type, bool planar, size_t channels, bool mirrored, uint8_t *target,
    size_t plane_bytes) {
  block b = load_block(pixels, channels);
  if (planar || mirrored) b = split(b, channels);
  for (size_t c = 0; mirrored && c < channels; c++) b.parts[c] = reversed(b.parts[c]);
  if (!planar && mirrored) b = joined(b, channels);
  size_t step = planar ? plane_bytes : BLOCK * bytes_of(type);
  for (size_t i = 0; i < channels; i++) convert(b.parts[i], f->scale[i], f->offset[i], type, target + i * step);
}

INLINE void convert_row(
    const headrace_pixel_conversion *conversion, const uint8_t *row, size_t width, bool mirrored, uint8_t *target,
    size_t plane_bytes, int32_t type, bool planar, size_t channels) {
  factors f;
  for (size_t i = 0; i < channels; i++) {
    for (size_t k = 0; k < BLOCK; k++) {
      size_t c = planar ? i : (i * BLOCK + k) % channels;
      f.scale[i][k] = conversion->scale[c];
      f.offset[i][k] = conversion->offset[c];
    }
  }
  size_t pixel_bytes = bytes_of(type) * (planar ? 1 : channels), x = 0;
  for (; x + BLOCK <= width; x += BLOCK) {
    const uint8_t *pixels = row + (mirrored ? width - BLOCK - x : x) * channels;
    convert_block(&f, pixels, type, planar, channels, mirrored, target + x * pixel_bytes, plane_bytes);
  }
  size_t rest = width - x;
  if (rest == 0) return;
  // The last pixels go through memory of a block's size. In reverse they are the first ones, and end there.
  uint8_t pixels[4 * BLOCK] = {0}, results[4 * 4 * BLOCK];
  memcpy(
      pixels + (mirrored ? (BLOCK - rest) * channels : 0), row + (mirrored ? 0 : x) * channels, rest * channels);
  size_t result_plane = BLOCK * bytes_of(type);
  convert_block(&f, pixels, type, planar, channels, mirrored, results, result_plane);
  for (size_t i = 0; i < (planar ? channels : 1); i++) {
    memcpy(target + i * plane_bytes + x * pixel_bytes, results + i * result_plane, rest * pixel_bytes);
  }
}

#define FOR_CHANNELS(type, planar)                                                                                 \
  switch (c->channels) {                                                                                           \
    case 1: return convert_row(c, row, width, mirrored, target, plane_bytes, type, planar, 1);                     \
    case 3: return convert_row(c, row, width, mirrored, target, plane_bytes, type, planar, 3);                     \
    default: return convert_row(c, row, width, mirrored, target, plane_bytes, type, planar, 4);                    \
  }
#define FOR_LAYOUTS(type)                                                                                          \
  if (c->planar) FOR_CHANNELS(type, true) else FOR_CHANNELS(type, false)

void CONVERT(
    const headrace_pixel_conversion *c, const uint8_t *row, size_t width, bool mirrored, void *target,
    size_t plane_bytes) {
  switch (c->type) {
    case HEADRACE_CONVERT_UINT8: FOR_LAYOUTS(HEADRACE_CONVERT_UINT8)
    case HEADRACE_CONVERT_FLOAT16: FOR_LAYOUTS(HEADRACE_CONVERT_FLOAT16)
    case HEADRACE_CONVERT_BFLOAT16: FOR_LAYOUTS(HEADRACE_CONVERT_BFLOAT16)
    default: FOR_LAYOUTS(HEADRACE_CONVERT_FLOAT32)
  }
}
