#pragma once

// Resizing of rows of 8-bit pixels by weighted sums, exact to the last bit in every variant.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// The functions that weigh source pixels by their distance.
enum {
  HEADRACE_RESIZE_NEAREST = 0,
  /// A triangle, 1 pixel to either side.
  HEADRACE_RESIZE_BILINEAR = 1,
  /// Keys' cubic with a = -0.5, 2 pixels to either side.
  HEADRACE_RESIZE_BICUBIC = 2,
};

/// Which pixels of a line are resized to how many, and which of the results are made.
typedef struct {
  int32_t kernel;
  /// Whether the kernel widens when the line gets shorter, so that every source pixel counts.
  bool antialias;
  /// Whether the results come in reverse order.
  bool mirrored;
  /// The source pixels: `source_length` from `source_start` on. Pixels outside do not count.
  size_t source_start, source_length;
  /// What of them is resized, in pixels from the first one's left edge on; both may have a fraction. Pixels outside of
  /// it, but within the source, count where the kernel reaches them.
  double interval_start, interval_length;
  /// Pixels of the whole result, of which `from` up to and without `to` are made.
  size_t target, from, to;
} headrace_resize_geometry;

/// The weights of one axis, results in the order in which they are made.
typedef struct {
  /// The first source pixel of each result; `count` of them, rounded up to a multiple of 4.
  const int32_t *starts;
  /// For each result, those that round up included, `tap_stride` upper parts of weights and as many lower ones. A
  /// weight is `upper * 2048 + lower`, and 2^22 stands for 1.
  const int16_t *weights;
  size_t count;
  /// Source pixels of each result, an even number; some of them may have weight 0 and lie at `source_end` or beyond.
  size_t taps;
  /// A multiple of 8; what is beyond `taps` is 0.
  size_t tap_stride;
  /// Where the source pixels end: nothing is read from there on.
  size_t source_end;
  /// What `headrace_resize_fill_blocks` made of this axis for the channels at hand; NULL where it made nothing.
  const uint8_t *blocks;
} headrace_resize_axis;

/// How many source pixels each result of such an axis has, an even number.
size_t headrace_resize_taps(const headrace_resize_geometry *geometry);

/// Fills `starts` and `weights`, which are as large as `headrace_resize_axis` says.
///
/// The results are those of Pillow's `precompute_coeffs`, and of its nearest neighbours: each operation on
/// floating-point numbers is the same, in the same order.
void headrace_resize_fill(
    const headrace_resize_geometry *geometry, size_t taps, size_t tap_stride, int32_t *starts, int16_t *weights);

/// How many bytes the blocks of an axis take; 0 where that variant has no use for them.
///
/// A block is what several results beside one another are made with at once: where in 64 bytes of a row their pixels
/// are, and their weights, laid out as the vectors that they are multiplied in. Of the axis all but `blocks` is read.
size_t headrace_resize_block_bytes(int32_t variant, const headrace_resize_axis *axis, size_t channels);

/// Fills in the blocks of an axis for pixels of so many channels.
void headrace_resize_fill_blocks(const headrace_resize_axis *axis, size_t channels, uint8_t *blocks);

/// Rows of pixels to read, and rows to write.
typedef struct {
  const uint8_t *source;
  /// Along columns: which row of the axis's source `source` points to.
  size_t first_row;
  size_t source_stride;
  uint8_t *target;
  size_t target_stride;
} headrace_resize_rows;

/// Resizes along rows: `axis->count` pixels of 1, 3 or 4 bytes for each of `row_count` rows.
///
/// Of each source row `axis->source_end` pixels may be read, and nothing behind them. Target and source must not
/// overlap.
void headrace_resize_horizontal(
    int32_t variant, const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_count,
    size_t channels);

/// Resizes along columns: the results `from` up to and without `to` of the axis, each a row of `row_bytes` bytes.
///
/// Rows outside the axis's source interval are not read. Target and source must not overlap.
void headrace_resize_vertical(
    int32_t variant, const headrace_resize_axis *axis, const headrace_resize_rows *rows, size_t row_bytes, size_t from,
    size_t to);

/// Multiplies the colors of RGBA pixels by alpha over 255, rounded to nearest.
void headrace_premultiply(const uint8_t *source, uint8_t *target, size_t pixel_count);

/// Divides the colors of RGBA pixels by alpha over 255, rounded down, at most 255; leaves alpha 0 as it is.
void headrace_unpremultiply(uint8_t *target, size_t pixel_count);

#ifdef __cplusplus
}
#endif
