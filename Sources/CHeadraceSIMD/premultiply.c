#include <string.h>

#include "headrace_resize.h"

/// Pixels that are worked on at once.
#define PIXELS 4
#define INLINE static inline __attribute__((always_inline))
// Vectors longer than those of the target are passed to functions that are always inlined: no convention can differ.
#pragma clang diagnostic ignored "-Wpsabi"

typedef uint8_t bytes __attribute__((vector_size(4 * PIXELS)));
typedef uint16_t words __attribute__((vector_size(8 * PIXELS)));
typedef int32_t integers __attribute__((vector_size(16 * PIXELS)));
typedef float reals __attribute__((vector_size(16 * PIXELS)));

/// The alpha of each pixel for its colors, and 255, with which it stays the same, for its alpha.
INLINE bytes factors(bytes pixels) {
  bytes all = (bytes){0} - 1;
  return __builtin_shufflevector(pixels, all, 3, 3, 3, 16, 7, 7, 7, 16, 11, 11, 11, 16, 15, 15, 15, 16);
}

INLINE bytes multiplied(bytes pixels) {
  words product = __builtin_convertvector(pixels, words) * __builtin_convertvector(factors(pixels), words) + 128;
  return __builtin_convertvector(((product >> 8) + product) >> 8, bytes);
}

INLINE bytes divided(bytes pixels) {
  bytes divisors = factors(pixels);
  divisors |= (bytes)(divisors == 0);
  // A quotient of such numbers that is not whole is 1/255 or more away from the next whole one: it is not rounded up.
  reals quotient = __builtin_convertvector(__builtin_convertvector(pixels, integers) * 255, reals) /
      __builtin_convertvector(__builtin_convertvector(divisors, integers), reals);
  integers whole = __builtin_convertvector(quotient, integers);
  return __builtin_convertvector((whole | (whole > 255)) & 255, bytes);
}

void headrace_premultiply(const uint8_t *source, uint8_t *target, size_t pixel_count) {
  bytes pixels;
  for (; pixel_count >= PIXELS; pixel_count -= PIXELS, source += sizeof pixels, target += sizeof pixels) {
    memcpy(&pixels, source, sizeof pixels);
    pixels = multiplied(pixels);
    memcpy(target, &pixels, sizeof pixels);
  }
  pixels = (bytes){0};
  memcpy(&pixels, source, pixel_count * 4);
  pixels = multiplied(pixels);
  memcpy(target, &pixels, pixel_count * 4);
}

void headrace_unpremultiply(uint8_t *target, size_t pixel_count) {
  bytes pixels;
  for (; pixel_count >= PIXELS; pixel_count -= PIXELS, target += sizeof pixels) {
    memcpy(&pixels, target, sizeof pixels);
    pixels = divided(pixels);
    memcpy(target, &pixels, sizeof pixels);
  }
  pixels = (bytes){0};
  memcpy(&pixels, target, pixel_count * 4);
  pixels = divided(pixels);
  memcpy(target, &pixels, pixel_count * 4);
}
