#pragma once

// Symmetric weighted sums of neighbouring pixels, first along columns, then along rows; the same bits in every variant.

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Fills in `radius + 1` weights, from the middle outward: exp(-k^2 / (2 sigma^2)) divided by the sum of all, each but
/// the first counted twice.
///
/// - Parameters:
///   - sigma: in pixels, above 0.
void headrace_blur_weights(double sigma, size_t radius, float *weights);

/// Adds up rows of bytes: `sums[i]` becomes `weights[0]` times the middle row's byte `i` and, for each `k` up to
/// `radius`, `weights[k]` times the sum of those `k` rows above and below. Each operation is rounded to float32, in
/// that order.
///
/// - Parameters:
///   - rows: `2 * radius + 1` rows of `count` bytes, which `sums` does not overlap.
void headrace_blur_columns(
    int32_t variant, const float *weights, size_t radius, const uint8_t *const *rows, size_t count, float *sums);

/// Adds up neighbours in a row as `headrace_blur_columns` adds up rows, and rounds to nearest, halves to even.
///
/// - Parameters:
///   - weights: as `headrace_blur_weights` fills them in.
///   - sums: `count` numbers from 0 to 255, and `radius * channels` before the first and after the last of them.
///   - channels: how far neighbours are apart.
void headrace_blur_row(
    int32_t variant, const float *weights, size_t radius, const float *sums, size_t channels, size_t count,
    uint8_t *target);

#ifdef __cplusplus
}
#endif
