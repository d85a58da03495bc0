#pragma once

// libjpeg reports errors with longjmp, which must not cross a Swift frame: every call into libjpeg starts and ends
// here. There is no global state: calls on different threads do not see each other.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How a call ended.
enum {
  HEADRACE_JPEG_OK = 0,
  /// The input ended before the image did.
  HEADRACE_JPEG_ENDED = 1,
  /// The bytes break the format.
  HEADRACE_JPEG_BROKEN = 2,
  /// The bytes keep to the format, and the library has no code for them.
  HEADRACE_JPEG_UNSUPPORTED = 3,
  /// The image's size is not the one that the caller expects.
  HEADRACE_JPEG_OTHER_SIZE = 4,
  /// The image has more scans than the caller allows.
  HEADRACE_JPEG_TOO_MANY_SCANS = 5,
  /// malloc failed.
  HEADRACE_JPEG_NO_MEMORY = 6,
};

/// Who decodes the entropy-coded data.
enum {
  HEADRACE_JPEG_ENTROPY_LIBRARY = 0,
  HEADRACE_JPEG_ENTROPY_OWN = 1,
  /// The library, after something was found not to be as it should.
  HEADRACE_JPEG_ENTROPY_LEFT_TO_LIBRARY = 2,
};

/// One image on its way from a file to pixels.
typedef struct headrace_jpeg_decoder headrace_jpeg_decoder;

/// What to decode: a box of the image scaled by eighths / 8, in 1 (gray), 3 (RGB) or 4 (RGBA) bytes per pixel.
typedef struct {
  /// The size of the image as stored, which must be that of the file.
  uint32_t image_width;
  uint32_t image_height;
  /// 1 to 8.
  uint32_t eighths;
  /// The box, in pixels of the scaled image; within it, and not empty.
  uint32_t x;
  uint32_t y;
  uint32_t width;
  uint32_t height;
  int32_t channels;
  int32_t maximum_scans;
  /// Whether cut and damaged data become what the library makes of them; they are errors otherwise.
  bool fills;
  /// Whether libjpeg decodes Huffman codes too: slower, for comparison.
  bool is_plain;
} headrace_jpeg_request;

/// A decoder for one image; NULL if malloc failed.
headrace_jpeg_decoder *headrace_jpeg_create(void);

/// Reads as far as the first row of the box. `bytes` must stay until the decoder is destroyed.
///
/// A file of several scans is read to its end here. Size, scans and the least bytes that so many pixels need are
/// checked before memory for the image is allocated.
int32_t headrace_jpeg_start(
    headrace_jpeg_decoder *decoder, const uint8_t *bytes, size_t count, const headrace_jpeg_request *request);

/// Decodes the rows of the box, once; they start `row_stride` bytes apart, and nothing between them is written.
int32_t headrace_jpeg_read(headrace_jpeg_decoder *decoder, uint8_t *rows, size_t row_stride);

/// Who has decoded the entropy-coded data: a HEADRACE_JPEG_ENTROPY.
int32_t headrace_jpeg_entropy(const headrace_jpeg_decoder *decoder);

/// Reads what follows the last row of the image, if the box has that row.
int32_t headrace_jpeg_finish(headrace_jpeg_decoder *decoder);

/// Bytes of the input that had been read when the last call ended; of a scan that is decoded well, those before it.
size_t headrace_jpeg_offset(const headrace_jpeg_decoder *decoder);

/// What was wrong in the last call, or the first damage that was filled; empty where the status says all.
const char *headrace_jpeg_text(const headrace_jpeg_decoder *decoder);

/// Gives back all memory; at any time, also after an error.
void headrace_jpeg_destroy(headrace_jpeg_decoder *decoder);

#ifdef __cplusplus
}
#endif
