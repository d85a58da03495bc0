#pragma once

// libpng reports errors with longjmp, which must not cross a Swift frame: every call into libpng starts and ends here.
// There is no global state: calls on different threads do not see each other.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// How a call ended.
enum {
  HEADRACE_PNG_OK = 0,
  /// The bytes do not start with the PNG signature.
  HEADRACE_PNG_NOT_PNG = 1,
  /// The input ended before the file did.
  HEADRACE_PNG_ENDED = 2,
  /// The bytes break the format.
  HEADRACE_PNG_BROKEN = 3,
  /// The image has more pixels than the caller allows.
  HEADRACE_PNG_TOO_LARGE = 4,
  /// The image's size is not the one that the caller expects.
  HEADRACE_PNG_OTHER_SIZE = 5,
  /// malloc failed.
  HEADRACE_PNG_NO_MEMORY = 6,
};

/// Room that any message fits into, the final zero included.
#define HEADRACE_PNG_TEXT_CAPACITY 160

/// The fields of the IHDR chunk. https://www.w3.org/TR/png-3/#11IHDR
typedef struct {
  uint32_t width;
  uint32_t height;
  uint8_t bit_depth;
  uint8_t color_type;
  uint8_t interlaced;
} headrace_png_header;

/// Where and why a call failed; the caller gives `text`, `text_capacity` bytes of it, before the call.
typedef struct {
  /// Bytes of the input that had been read.
  size_t offset;
  /// What was wrong, zero-terminated; empty where the status says all.
  char *text;
  size_t text_capacity;
} headrace_png_failure;

/// What to decode: 1 (gray), 3 (RGB) or 4 (RGBA) bytes per pixel, of an image that must be width x height.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint64_t maximum_pixels;
  int32_t channels;
} headrace_png_request;

/// Bytes of a file; `headrace_png_free` gives them back.
typedef struct {
  uint8_t *bytes;
  size_t count;
} headrace_png_file;

/// How the rows of one file turn into 8-bit pixels of the channels asked for.
typedef struct {
  uint8_t color_type;
  uint8_t bit_depth;
  uint8_t channels;
  /// Whether the 16-bit samples in `key` are transparent.
  bool has_key;
  uint16_t key[3];
  /// The pixel of each sample of up to 8 bits, for palettes and gray.
  uint8_t table[256][4];
} headrace_png_format;

/// The data of the chunks that say how samples are to be read; a count of 0 where there is none.
typedef struct {
  const uint8_t *palette;
  size_t palette_count;
  const uint8_t *transparency;
  size_t transparency_count;
} headrace_png_colors;

/// Memory that is reused; zeros where there is none yet.
typedef struct {
  uint8_t *bytes;
  size_t capacity;
} headrace_png_buffer;

/// Reads signature and IHDR, the first 33 bytes, and checks them; allocates nothing.
int32_t headrace_png_read_header(
    const uint8_t *bytes, size_t count, headrace_png_header *header, headrace_png_failure *failure);

/// Decodes a whole file into `pixels`, whose rows start `row_stride` bytes apart.
///
/// Size and pixel count are checked before anything is allocated. After a failure the contents of `pixels` are
/// unspecified; bytes beyond a row's pixels are never written.
int32_t headrace_png_decode(
    const uint8_t *bytes, size_t count, const headrace_png_request *request, uint8_t *pixels, size_t row_stride,
    headrace_png_failure *failure);

/// Prepares the conversion of rows of 8-bit samples; sizes of the chunks must be what the color type allows.
void headrace_png_prepare(
    headrace_png_format *format, uint8_t color_type, int32_t channels, const headrace_png_colors *colors);

/// Whether a row of the file already is a row of the result.
bool headrace_png_is_plain(const headrace_png_format *format);

/// Converts `count` pixels of an unfiltered row; consecutive results start `step` bytes apart.
void headrace_png_convert(
    const headrace_png_format *format, const uint8_t *row, size_t count, uint8_t *pixels, size_t step);

/// Makes room for `count` bytes, whose contents are then unspecified. Returns whether there is memory for them.
bool headrace_png_reserve(headrace_png_buffer *buffer, size_t count);

/// Gives the memory back.
void headrace_png_release(headrace_png_buffer *buffer);

/// Encodes 8-bit pixels of 1, 3 or 4 channels, without interlacing, at zlib's compression level 0 to 9.
///
/// Where `colors` has a palette, pixels of 1 channel are indices into it.
int32_t headrace_png_encode(
    const uint8_t *pixels, size_t row_stride, const headrace_png_request *request,
    const headrace_png_colors *colors, int32_t level, headrace_png_file *file, headrace_png_failure *failure);

/// Gives back what `headrace_png_encode` allocated.
void headrace_png_free(headrace_png_file *file);

#ifdef __cplusplus
}
#endif
