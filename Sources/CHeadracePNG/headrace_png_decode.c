#include <stdlib.h>
#include <string.h>

#include "headrace_png_internal.h"

typedef struct {
  headrace_png_call call;
  const uint8_t *bytes;
  size_t count;
  size_t offset;
  int32_t channels;
  png_structp png;
  png_infop info;
  png_bytep row;
} decoder;

void headrace_png_leave(png_structp png, png_const_charp message) {
  headrace_png_call *call = png_get_error_ptr(png);
  if (call->status == HEADRACE_PNG_OK) {
    call->status = HEADRACE_PNG_BROKEN;
    headrace_png_set_text(call->failure, message);
  }
  longjmp(call->exit, 1);
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  decoder *self = png_get_io_ptr(png);
  if (self->count - self->offset < count) {
    self->offset = self->count;
    self->call.status = HEADRACE_PNG_ENDED;
    png_error(png, "");
  }
  memcpy(target, self->bytes + self->offset, count);
  self->offset += count;
}

/// Warnings are ignored but for one: a tRNS that libpng cannot use would give an opaque image without a word.
static void consider_warning(png_structp png, png_const_charp message) {
  const decoder *self = png_get_io_ptr(png);
  if (self == NULL || self->channels != 4 || strncmp(message, "tRNS: ", 6) != 0) return;
  // A tRNS beside an alpha channel says nothing that the channel does not say better.
  if (strstr(message, "alpha channel") != NULL) return;
  headrace_png_leave(png, message);
}

/// Reads on without what costs memory: of all ancillary chunks only tRNS counts, and only for RGBA.
static void set_limits(decoder *self, const headrace_png_header *header) {
  png_structp png = self->png;
  png_set_user_limits(png, header->width, header->height);
  png_set_chunk_malloc_max(png, 1 << 20);
  png_set_chunk_cache_max(png, 1);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  if (self->channels != 4) png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, (png_const_bytep) "tRNS", 1);
  // The default in words: a wrong CRC ends the call for a critical chunk and drops an ancillary one.
  png_set_crc_action(png, PNG_CRC_DEFAULT, PNG_CRC_DEFAULT);
}

static void read_plain(decoder *self, uint32_t height, uint8_t *pixels, size_t row_stride) {
  for (uint32_t y = 0; y < height; y++) png_read_row(self->png, pixels + y * row_stride, NULL);
}

/// Reads row by row into one buffer and from there into the result, pass by pass if the file is interlaced.
///
/// Without png_set_interlace_handling libpng hands out the rows of the seven reduced images, so that no buffer of the
/// size of the image is needed. https://www.w3.org/TR/png-3/#8Interlace
static void read_converted(
    decoder *self, const headrace_png_header *header, const headrace_png_format *format, uint8_t *pixels,
    size_t row_stride) {
  png_structp png = self->png;
  size_t channels = format->channels;
  if (!header->interlaced) {
    for (uint32_t y = 0; y < header->height; y++) {
      png_read_row(png, self->row, NULL);
      headrace_png_convert(format, self->row, header->width, pixels + y * row_stride, channels);
    }
    return;
  }
  for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
    uint32_t columns = PNG_PASS_COLS(header->width, pass);
    uint32_t rows = PNG_PASS_ROWS(header->height, pass);
    if (columns == 0) continue;
    size_t step = (size_t)PNG_PASS_COL_OFFSET(pass) * channels;
    for (uint32_t i = 0; i < rows; i++) {
      png_read_row(png, self->row, NULL);
      size_t y = PNG_PASS_START_ROW(pass) + (size_t)i * PNG_PASS_ROW_OFFSET(pass);
      size_t x = PNG_PASS_START_COL(pass);
      headrace_png_convert(format, self->row, columns, pixels + y * row_stride + x * channels, step);
    }
  }
}

/// Everything that may longjmp; what it must give back is in `self`.
static void decode(decoder *self, const headrace_png_header *header, uint8_t *pixels, size_t row_stride) {
  self->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &self->call, headrace_png_leave, consider_warning);
  if (self->png != NULL) self->info = png_create_info_struct(self->png);
  if (self->info == NULL) {
    self->call.status = HEADRACE_PNG_NO_MEMORY;
    return;
  }
  png_structp png = self->png;
  png_set_read_fn(png, self, read_bytes);
  set_limits(self, header);
  png_read_info(png, self->info);

  headrace_png_format format = {.channels = (uint8_t)self->channels};
  headrace_png_prepare_from(&format, png, self->info);
  png_start_read_image(png);
  if (!header->interlaced && headrace_png_is_plain(&format)) {
    read_plain(self, header->height, pixels, row_stride);
  } else {
    self->row = malloc(png_get_rowbytes(png, self->info));
    if (self->row == NULL) {
      self->call.status = HEADRACE_PNG_NO_MEMORY;
      return;
    }
    read_converted(self, header, &format, pixels, row_stride);
  }
  // A file without a whole IEND is cut, even if all pixels are there.
  png_read_end(png, NULL);
}

/// Keeps setjmp apart from the state: a variable of the frame that calls setjmp may be stale after longjmp.
static void decode_or_leave(
    decoder *self, const headrace_png_header *header, uint8_t *pixels, size_t row_stride) {
  if (setjmp(self->call.exit) == 0) decode(self, header, pixels, row_stride);
}

int32_t headrace_png_decode(
    const uint8_t *bytes, size_t count, const headrace_png_request *request, uint8_t *pixels, size_t row_stride,
    headrace_png_failure *failure) {
  headrace_png_header header;
  int32_t status = headrace_png_read_header(bytes, count, &header, failure);
  if (status != HEADRACE_PNG_OK) return status;
  if ((uint64_t)header.width * header.height > request->maximum_pixels) return HEADRACE_PNG_TOO_LARGE;
  if (header.width != request->width || header.height != request->height) return HEADRACE_PNG_OTHER_SIZE;

  decoder self = {
      .call = {.failure = failure}, .bytes = bytes, .count = count, .channels = request->channels};
  decode_or_leave(&self, &header, pixels, row_stride);
  png_destroy_read_struct(&self.png, &self.info, NULL);
  free(self.row);
  failure->offset = self.offset;
  return self.call.status;
}
