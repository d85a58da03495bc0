#pragma once

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

#include "headrace_jpeg.h"
#include "headrace_jpeg_huffman.h"

/// A status between these files: what was decoded here has to be left to libjpeg, from the start.
enum { HEADRACE_JPEG_AGAIN = -1 };

struct headrace_jpeg_decoder {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  /// The way back out of libjpeg.
  jmp_buf exit;
  int32_t status;
  char text[JMSG_LENGTH_MAX];
  bool is_damaged;

  const uint8_t *bytes;
  size_t count;
  /// Whether libjpeg reads from the end marker that stands in for missing bytes.
  bool has_ended;

  headrace_jpeg_request request;
  /// Columns of decoded rows before the box.
  uint32_t margin;
  /// Rows as libjpeg writes them, where those of the box are but a part of them or have other pixels; else NULL.
  JSAMPARRAY wide_rows;
  /// Who decodes the entropy-coded data.
  int32_t entropy;

  /// Last: what comes before it is zero at first.
  headrace_jpeg_huffman huffman;
};

/// Makes libjpeg report to the decoder.
void headrace_jpeg_set_errors(headrace_jpeg_decoder *self);

/// Leaves libjpeg with that status.
_Noreturn void headrace_jpeg_leave(headrace_jpeg_decoder *self, int32_t status);

/// Makes libjpeg read from `bytes`.
void headrace_jpeg_set_source(headrace_jpeg_decoder *self);

/// Converts `count` pixels of CMYK, inverted as Adobe stores them, to gray, RGB or RGBA.
void headrace_jpeg_convert_cmyk(const uint8_t *row, size_t count, int32_t channels, uint8_t *pixels);
