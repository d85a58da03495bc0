#pragma once

// Changes of the colors of interleaved pixels, in place; the same bits in every variant.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Blends each color with its gray, (2989 r + 5870 g + 1140 b) / 10000 rounded down: `factor * v + rest * gray`, the
/// first product and the sum rounded to float32; cut off at 0 and 255, then rounded down.
///
/// - Parameters:
///   - count: pixels, of `channels` bytes each, 3 or 4; the fourth stays as it is.
void headrace_blend_gray(
    int32_t variant, float factor, float rest, uint8_t *pixels, size_t count, size_t channels);

/// Turns the hue of each color, in float32.
///
/// Colors from 0 to 1 become hue, saturation and value, as A. R. Smith, Color Gamut Transform Pairs, 1978, has them
/// with a hexcone; the hue is turned, modulo 1; what comes back is multiplied by 255.999 and rounded down.
///
/// - Parameters:
///   - shift: share of a full turn, -0.5 to 0.5.
///   - count: pixels, of `channels` bytes each, 3 or 4; the fourth stays as it is.
void headrace_turn_hue(int32_t variant, float shift, uint8_t *pixels, size_t count, size_t channels);

#ifdef __cplusplus
}
#endif
