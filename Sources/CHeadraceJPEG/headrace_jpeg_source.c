#include "headrace_jpeg_internal.h"

/// What libjpeg reads where there is nothing left: an end of image, so that it comes to an end itself.
static const JOCTET end_of_image[2] = {0xff, JPEG_EOI};

static void do_nothing(j_decompress_ptr info) { (void)info; }

static boolean fill(j_decompress_ptr info) {
  headrace_jpeg_decoder *self = info->client_data;
  self->has_ended = true;
  if (!self->request.fills) headrace_jpeg_leave(self, HEADRACE_JPEG_ENDED);
  WARNMS(info, JWRN_JPEG_EOF);
  self->source.next_input_byte = end_of_image;
  self->source.bytes_in_buffer = sizeof end_of_image;
  return TRUE;
}

static void skip(j_decompress_ptr info, long count) {
  struct jpeg_source_mgr *source = info->src;
  if (count <= 0) return;
  size_t step = (size_t)count < source->bytes_in_buffer ? (size_t)count : source->bytes_in_buffer;
  source->next_input_byte += step;
  source->bytes_in_buffer -= step;
}

void headrace_jpeg_set_source(headrace_jpeg_decoder *self) {
  self->source = (struct jpeg_source_mgr){
      .next_input_byte = self->bytes,
      .bytes_in_buffer = self->count,
      .init_source = do_nothing,
      .fill_input_buffer = fill,
      .skip_input_data = skip,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = do_nothing,
  };
  self->info.src = &self->source;
}

size_t headrace_jpeg_offset(const headrace_jpeg_decoder *self) {
  return self->has_ended ? self->count : self->count - self->source.bytes_in_buffer;
}
