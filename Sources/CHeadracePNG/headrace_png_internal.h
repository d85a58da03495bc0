#pragma once

#include <png.h>
#include <setjmp.h>

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

/// Prepares the conversion, once the chunks before the first IDAT have been read.
void headrace_png_prepare_from(headrace_png_format *format, png_structp png, png_infop info);
