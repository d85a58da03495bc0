#include <stdlib.h>
#include <string.h>

#include "headrace_png_internal.h"

typedef struct {
  headrace_png_call call;
  headrace_png_file file;
  size_t capacity;
  png_structp png;
  png_infop info;
} encoder;

static void write_bytes(png_structp png, png_bytep bytes, size_t count) {
  encoder *self = png_get_io_ptr(png);
  size_t needed = self->file.count + count;
  if (needed > self->capacity) {
    size_t capacity = needed > 2 * self->capacity ? needed : 2 * self->capacity;
    uint8_t *grown = realloc(self->file.bytes, capacity);
    if (grown == NULL) {
      self->call.status = HEADRACE_PNG_NO_MEMORY;
      png_error(png, "");
    }
    self->file.bytes = grown;
    self->capacity = capacity;
  }
  memcpy(self->file.bytes + self->file.count, bytes, count);
  self->file.count = needed;
}

static void ignore_warning(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static void ignore_flush(png_structp png) { (void)png; }

/// Everything that may longjmp; what it must give back is in `self`.
static void encode(
    encoder *self, const uint8_t *pixels, size_t row_stride, const headrace_png_request *request,
    const headrace_png_colors *colors, int32_t level) {
  self->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &self->call, headrace_png_leave, ignore_warning);
  if (self->png != NULL) self->info = png_create_info_struct(self->png);
  if (self->info == NULL) {
    self->call.status = HEADRACE_PNG_NO_MEMORY;
    return;
  }
  png_structp png = self->png;
  int color_type = colors->palette_count > 0 ? PNG_COLOR_TYPE_PALETTE
                   : request->channels == 1   ? PNG_COLOR_TYPE_GRAY
                   : request->channels == 3   ? PNG_COLOR_TYPE_RGB
                                              : PNG_COLOR_TYPE_RGB_ALPHA;
  png_set_write_fn(png, self, write_bytes, ignore_flush);
  png_set_user_limits(png, request->width, request->height);
  png_set_compression_level(png, level);
  png_set_IHDR(
      png, self->info, request->width, request->height, 8, color_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
      PNG_FILTER_TYPE_BASE);
  if (colors->palette_count > 0) {
    png_set_PLTE(png, self->info, (png_const_colorp)colors->palette, (int)(colors->palette_count / 3));
  }
  png_write_info(png, self->info);
  for (uint32_t y = 0; y < request->height; y++) png_write_row(png, pixels + y * row_stride);
  png_write_end(png, NULL);
}

/// Keeps setjmp apart from the state, as in headrace_png_decode.c.
static void encode_or_leave(
    encoder *self, const uint8_t *pixels, size_t row_stride, const headrace_png_request *request,
    const headrace_png_colors *colors, int32_t level) {
  if (setjmp(self->call.exit) == 0) encode(self, pixels, row_stride, request, colors, level);
}

int32_t headrace_png_encode(
    const uint8_t *pixels, size_t row_stride, const headrace_png_request *request,
    const headrace_png_colors *colors, int32_t level, headrace_png_file *file, headrace_png_failure *failure) {
  headrace_png_set_text(failure, "");
  failure->offset = 0;
  encoder self = {.call = {.failure = failure}};
  encode_or_leave(&self, pixels, row_stride, request, colors, level);
  png_destroy_write_struct(&self.png, &self.info);
  if (self.call.status != HEADRACE_PNG_OK) headrace_png_free(&self.file);
  *file = self.file;
  return self.call.status;
}

void headrace_png_free(headrace_png_file *file) {
  free(file->bytes);
  *file = (headrace_png_file){0};
}
