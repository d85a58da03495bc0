// Changes colors of 16 pixels at a time; a file defines BLEND_GRAY and TURN_HUE, the names of the functions, and
// includes this under a target.

#include "colors_internal.h"
#include "pixel_blocks.h"

// A product rounded, then a sum rounded: not every target can do both at once.
#pragma STDC FP_CONTRACT OFF

typedef double long_reals __attribute__((vector_size(8 * BLOCK)));

INLINE reals choose(integers mask, reals a, reals b) {
  return (reals)((mask & (integers)a) | (~mask & (integers)b));
}

INLINE reals all(float value) { return (reals){0} + value; }

INLINE reals bounded(reals v, float bound) {
  return __builtin_elementwise_min(__builtin_elementwise_max(v, all(0)), all(bound));
}

/// Rounds down numbers from 0 to below 256.
INLINE bytes bytes_of(reals v) { return __builtin_convertvector(__builtin_convertvector(v, integers), bytes); }

INLINE block blend_gray(float factor, float rest, block colors) {
  patterns red = __builtin_convertvector(colors.parts[0], patterns);
  patterns green = __builtin_convertvector(colors.parts[1], patterns);
  patterns blue = __builtin_convertvector(colors.parts[2], patterns);
  integers gray = (integers)((2989 * red + 5870 * green + 1140 * blue) / 10000);
  // The product of two such numbers is exact as a double.
  long_reals offset = __builtin_convertvector(gray, long_reals) * (double)rest;
  for (size_t c = 0; c < 3; c++) {
    reals scaled = reals_of(colors.parts[c]) * factor;
    reals sum = __builtin_convertvector(__builtin_convertvector(scaled, long_reals) + offset, reals);
    colors.parts[c] = bytes_of(bounded(sum, 255));
  }
  return colors;
}

INLINE block turn_hue(float shift, block colors) {
  const float unit = 1.0 / 255;
  reals red = reals_of(colors.parts[0]) * unit, green = reals_of(colors.parts[1]) * unit;
  reals blue = reals_of(colors.parts[2]) * unit;
  reals value = __builtin_elementwise_max(__builtin_elementwise_max(red, green), blue);
  reals range = value - __builtin_elementwise_min(__builtin_elementwise_min(red, green), blue);
  // Grays have no hue; with any other they stay as they are.
  integers is_gray = range == 0;
  reals divisor = choose(is_gray, all(1), range), saturation = range / choose(is_gray, all(1), value);
  reals from_red = (value - red) / divisor, from_green = (value - green) / divisor;
  reals from_blue = (value - blue) / divisor;
  reals sixths = choose(
      value == red, from_blue - from_green,
      choose(value == green, from_red + 2 - from_blue, from_green + 4 - from_red));
  reals hue = sixths * (float)(1.0 / 6) + 1;
  hue = choose(hue >= 1, hue - 1, hue) + shift;
  hue = choose(hue < 0, hue + 1, choose(hue >= 1, hue - 1, hue));

  reals turned = hue * 6;
  integers sector = __builtin_convertvector(turned, integers);
  reals part = saturation * (turned - __builtin_convertvector(sector, reals)), pale = 1 - saturation;
  reals p = pale * value, q = (1 - part) * value, t = (part + pale) * value;
  // 6 where a hue a little below 0 was rounded up to a full turn.
  integers is_0 = (sector == 0) | (sector == 6), is_1 = sector == 1, is_2 = sector == 2;
  integers is_3 = sector == 3, is_4 = sector == 4, is_5 = sector == 5;
  red = choose(is_1, q, choose(is_4, t, choose(is_2 | is_3, p, value)));
  green = choose(is_3, q, choose(is_0, t, choose(is_4 | is_5, p, value)));
  blue = choose(is_5, q, choose(is_2, t, choose(is_0 | is_1, p, value)));
  colors.parts[0] = bytes_of(bounded(red, 1) * 255.999f);
  colors.parts[1] = bytes_of(bounded(green, 1) * 255.999f);
  colors.parts[2] = bytes_of(bounded(blue, 1) * 255.999f);
  return colors;
}

INLINE void store_block(block b, uint8_t *row, size_t channels) {
  for (size_t i = 0; i < channels; i++) memcpy(row + i * BLOCK, &b.parts[i], BLOCK);
}

/// Changes `count` pixels by an expression of the block `colors`; the last ones in memory of a block's size.
#define CHANGE_EACH(channels, change)                                      \
  for (size_t i = 0; i < count; i += BLOCK) {                              \
    uint8_t last[4 * BLOCK] = {0}, *row = pixels + i * channels;           \
    size_t last_bytes = count - i < BLOCK ? (count - i) * channels : 0;    \
    uint8_t *place = last_bytes > 0 ? memcpy(last, row, last_bytes) : row; \
    block colors = split(load_block(place, channels), channels);           \
    store_block(joined(change, channels), place, channels);                \
    memcpy(row, last, last_bytes);                                         \
  }

void BLEND_GRAY(float factor, float rest, uint8_t *pixels, size_t count, size_t channels) {
  if (channels == 3) {
    CHANGE_EACH(3, blend_gray(factor, rest, colors))
  } else {
    CHANGE_EACH(4, blend_gray(factor, rest, colors))
  }
}

void TURN_HUE(float shift, uint8_t *pixels, size_t count, size_t channels) {
  if (channels == 3) {
    CHANGE_EACH(3, turn_hue(shift, colors))
  } else {
    CHANGE_EACH(4, turn_hue(shift, colors))
  }
}
