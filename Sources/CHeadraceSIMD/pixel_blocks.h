// Blocks of 16 pixels of 1, 3 or 4 channels: loaded, reversed, split into channels. A file includes this under a
// target; vectors longer than the target's become several of them.

#include <string.h>

#include "headrace_simd.h"

#define INLINE static inline __attribute__((always_inline))
// Vectors longer than those of the target are passed to functions that are always inlined: no convention can differ.
#pragma clang diagnostic ignored "-Wpsabi"
/// Pixels of a block.
#define BLOCK 16

typedef uint8_t bytes __attribute__((vector_size(BLOCK)));
typedef uint16_t words __attribute__((vector_size(2 * BLOCK)));
typedef int32_t integers __attribute__((vector_size(4 * BLOCK)));
typedef uint32_t patterns __attribute__((vector_size(4 * BLOCK)));
typedef float reals __attribute__((vector_size(4 * BLOCK)));

/// 16 pixels: interleaved, or one vector for each channel.
typedef struct {
  bytes parts[4];
} block;

INLINE block load_block(const uint8_t *row, size_t channels) {
  block b;
  for (size_t i = 0; i < channels; i++) memcpy(&b.parts[i], row + i * BLOCK, BLOCK);
  return b;
}

INLINE bytes reversed(bytes v) {
  return __builtin_shufflevector(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

/// From interleaved to one vector for each channel.
INLINE block split(block b, size_t channels) {
  if (channels == 1) return b;
  bytes p = b.parts[0], q = b.parts[1], r = b.parts[2];
  block out;
  if (channels == 3) {
    bytes t = __builtin_shufflevector(p, q, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, -1, -1, -1, -1, -1);
    out.parts[0] = __builtin_shufflevector(t, r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
    t = __builtin_shufflevector(p, q, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, -1, -1, -1, -1, -1);
    out.parts[1] = __builtin_shufflevector(t, r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
    t = __builtin_shufflevector(p, q, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, -1, -1, -1, -1, -1, -1);
    out.parts[2] = __builtin_shufflevector(t, r, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
    return out;
  }
  // A matrix of 4x4 pixels' bytes: twice the even and the odd bytes.
#define EVEN(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define ODD(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)
  bytes s = b.parts[3];
  bytes even_low = EVEN(p, q), even_high = EVEN(r, s), odd_low = ODD(p, q), odd_high = ODD(r, s);
  out.parts[0] = EVEN(even_low, even_high);
  out.parts[1] = EVEN(odd_low, odd_high);
  out.parts[2] = ODD(even_low, even_high);
  out.parts[3] = ODD(odd_low, odd_high);
#undef EVEN
#undef ODD
  return out;
}

/// From one vector for each channel to interleaved.
INLINE block joined(block b, size_t channels) {
  if (channels == 1) return b;
  bytes p = b.parts[0], q = b.parts[1], r = b.parts[2];
  block out;
  if (channels == 3) {
    bytes t = __builtin_shufflevector(p, q, 0, 16, -1, 1, 17, -1, 2, 18, -1, 3, 19, -1, 4, 20, -1, 5);
    out.parts[0] = __builtin_shufflevector(t, r, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20, 15);
    t = __builtin_shufflevector(p, q, 21, -1, 6, 22, -1, 7, 23, -1, 8, 24, -1, 9, 25, -1, 10, 26);
    out.parts[1] = __builtin_shufflevector(t, r, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25, 14, 15);
    t = __builtin_shufflevector(p, q, -1, 11, 27, -1, 12, 28, -1, 13, 29, -1, 14, 30, -1, 15, 31, -1);
    out.parts[2] = __builtin_shufflevector(t, r, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13, 14, 31);
    return out;
  }
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
  bytes s = b.parts[3];
  bytes pr_low = LOW(p, r), pr_high = HIGH(p, r), qs_low = LOW(q, s), qs_high = HIGH(q, s);
  out.parts[0] = LOW(pr_low, qs_low);
  out.parts[1] = HIGH(pr_low, qs_low);
  out.parts[2] = LOW(pr_high, qs_high);
  out.parts[3] = HIGH(pr_high, qs_high);
#undef LOW
#undef HIGH
  return out;
}

INLINE reals reals_of(bytes v) { return __builtin_convertvector(__builtin_convertvector(v, integers), reals); }
