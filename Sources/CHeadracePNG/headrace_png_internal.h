#pragma once

#include <png.h>
#include <setjmp.h>
#include <stdbool.h>

#include "headrace_png.h"

/// One call into libpng: the way back out of it, and what went wrong.
typedef struct {
  jmp_buf exit;
  int32_t status;
  headrace_png_failure *failure;
} headrace_png_call;

/// Copies a message into the caller's buffer, cut to its capacity.
void headrace_png_set_text(headrace_png_failure *failure, const char *text);

/// libpng's error callback: keeps the message and leaves the call.
PNG_NORETURN void headrace_png_leave(png_structp png, png_const_charp message);

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

/// Prepares the conversion, once the chunks before the first IDAT have been read.
void headrace_png_prepare(headrace_png_format *format, png_structp png, png_infop info);

/// Whether a row of the file already is a row of the result.
bool headrace_png_is_plain(const headrace_png_format *format);

/// Converts `count` pixels of an unfiltered row; consecutive results start `step` bytes apart.
void headrace_png_convert(
    const headrace_png_format *format, const uint8_t *row, size_t count, uint8_t *pixels, size_t step);
