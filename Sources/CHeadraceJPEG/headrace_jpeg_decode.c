#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "headrace_jpeg_internal.h"

// Where libjpeg keeps the function that decodes an MCU; not all systems have it.
#if __has_include(<jpegint.h>)
#include <jpegint.h>
#define HAS_ENTROPY_DECODER 1
#endif

/// Rows that are asked of libjpeg at once: at least the 4 of the tallest row group that it makes.
enum { ROWS_AT_ONCE = 8 };

/// The width in pixels of a block as the image, or one component, is scaled. Libraries that stand in for libjpeg 7 and
/// later name it otherwise.
#if JPEG_LIB_VERSION >= 70
#define SCALED_BLOCK_WIDTH(info) ((info)->min_DCT_h_scaled_size)
#define COMPONENT_BLOCK_WIDTH(component) ((component)->DCT_h_scaled_size)
#else
#define SCALED_BLOCK_WIDTH(info) ((info)->min_DCT_scaled_size)
#define COMPONENT_BLOCK_WIDTH(component) ((component)->DCT_scaled_size)
#endif

/// Where the rows of the box are written.
typedef struct {
  uint8_t *rows;
  size_t row_stride;
} row_target;

/// Runs `step`, which may leave by longjmp; what it must give back is in `self`.
///
/// Keeps setjmp apart from the state: a variable of the frame that calls setjmp may be stale after longjmp.
static int32_t run(
    headrace_jpeg_decoder *self, void (*step)(headrace_jpeg_decoder *, const row_target *), const row_target *target) {
  self->status = HEADRACE_JPEG_OK;
  if (setjmp(self->exit) == 0) step(self, target);
  return self->status;
}

/// libjpeg's callback between parts of its work: each scan costs a pass over all coefficients.
static void limit_scans(j_common_ptr info) {
  headrace_jpeg_decoder *self = info->client_data;
  if (self->info.input_scan_number > self->request.maximum_scans) {
    headrace_jpeg_leave(self, HEADRACE_JPEG_TOO_MANY_SCANS);
  }
}

/// Whether the file may be whole: it has an end marker after the first scan's header, and a bit for each block.
///
/// An end marker cannot occur within coded data, where 0xff is followed by 0 or by the number of a restart.
/// ITU-T T.81, B.1.1.5. Huffman codes have a bit at least (C.2), arithmetic coding may do with less.
static bool may_be_whole(const headrace_jpeg_decoder *self) {
  const struct jpeg_decompress_struct *info = &self->info;
  const uint8_t *start = self->source.next_input_byte;
  size_t count = self->source.bytes_in_buffer;
  if (!info->arith_code) {
    uint64_t blocks = 0;
    for (int i = 0; i < info->num_components; i++) {
      blocks += (uint64_t)info->comp_info[i].width_in_blocks * info->comp_info[i].height_in_blocks;
    }
    if (blocks / 8 > count) return false;
  }
  for (size_t i = count; i >= 2; i--) {
    if (start[i - 1] == JPEG_EOI && start[i - 2] == 0xff) return true;
  }
  return false;
}

/// Says what pixels libjpeg shall make; of four inks they are made here.
static void choose_colors(headrace_jpeg_decoder *self) {
  struct jpeg_decompress_struct *info = &self->info;
  switch (info->num_components) {
    case 1:
    case 3:
      info->out_color_space =
          self->request.channels == 1 ? JCS_GRAYSCALE : self->request.channels == 3 ? JCS_RGB : JCS_EXT_RGBA;
      return;
    case 4: info->out_color_space = JCS_CMYK; return;
    default:
      snprintf(self->text, sizeof self->text, "%d components", info->num_components);
      headrace_jpeg_leave(self, HEADRACE_JPEG_UNSUPPORTED);
  }
}

/// Whether blocks may be made smoother by those around them, whichever side of a cut these are on: libjpeg does so
/// where a progressive file ends before it has told the lowest frequencies to the last bit.
static bool may_be_smoothed(const struct jpeg_decompress_struct *info) {
  if (!info->progressive_mode || !info->do_block_smoothing || info->coef_bits == NULL) return false;
  for (int i = 0; i < info->num_components; i++) {
    // Bits that are not known yet; -1 before the first scan. libjpeg 2.1 looks at 9 of them.
    for (int frequency = 1; frequency < DCTSIZE2; frequency++) {
      if (info->coef_bits[i][frequency] != 0) return true;
    }
  }
  return false;
}

/// Whether libjpeg cuts columns exactly: in 2.1 it does not where it interpolates columns of blocks that are scaled
/// less than the others, as chroma is where that saves interpolating rows.
static bool can_crop(const struct jpeg_decompress_struct *info) {
  if (may_be_smoothed(info)) return false;
  for (int i = 0; i < info->num_components; i++) {
    const jpeg_component_info *component = &info->comp_info[i];
    int block = COMPONENT_BLOCK_WIDTH(component);
    bool is_interpolated = component->h_samp_factor * block != info->max_h_samp_factor * SCALED_BLOCK_WIDTH(info);
    if (block != SCALED_BLOCK_WIDTH(info) && is_interpolated) return false;
  }
  return true;
}

/// Leaves out the columns far from the box.
///
/// libjpeg cuts at MCUs, and its upsampling takes the cut for the image's edge: an MCU more on either side has the
/// neighbors that pixels of the box need.
static void crop(headrace_jpeg_decoder *self) {
  struct jpeg_decompress_struct *info = &self->info;
  const headrace_jpeg_request *box = &self->request;
  self->margin = box->x;
  if (!can_crop(info)) return;
  JDIMENSION unit = (JDIMENSION)(info->max_h_samp_factor * SCALED_BLOCK_WIDTH(info));
  JDIMENSION first = box->x / unit;
  JDIMENSION left = first > 0 ? (first - 1) * unit : 0;
  uint64_t end = ((uint64_t)box->x + box->width + unit - 1) / unit * unit + unit;
  JDIMENSION right = end < info->output_width ? (JDIMENSION)end : info->output_width;
  JDIMENSION width = right - left;
  if (width >= info->output_width) return;
  jpeg_crop_scanline(info, &left, &width);
  self->margin = box->x - left;
}

#ifdef HAS_ENTROPY_DECODER
/// In place of libjpeg's function of that name.
static boolean decode_mcu(j_decompress_ptr info, JBLOCKROW *blocks) {
  headrace_jpeg_decoder *self = info->client_data;
  if (!headrace_jpeg_huffman_decode(&self->huffman, info, blocks)) headrace_jpeg_leave(self, HEADRACE_JPEG_AGAIN);
  return TRUE;
}
#endif

/// Decodes Huffman codes here, where that is possible.
static void take_over_codes(headrace_jpeg_decoder *self) {
#ifdef HAS_ENTROPY_DECODER
  if (self->request.is_plain || !headrace_jpeg_huffman_start(&self->huffman, &self->info)) return;
  self->info.entropy->decode_mcu = decode_mcu;
  self->entropy = HEADRACE_JPEG_ENTROPY_OWN;
#endif
}

static void start(headrace_jpeg_decoder *self, const row_target *unused) {
  (void)unused;
  struct jpeg_decompress_struct *info = &self->info;
  const headrace_jpeg_request *box = &self->request;
  jpeg_create_decompress(info);
  headrace_jpeg_set_source(self);
  self->progress.progress_monitor = limit_scans;
  info->progress = &self->progress;

  jpeg_read_header(info, TRUE);
  if (info->image_width != box->image_width || info->image_height != box->image_height) {
    snprintf(self->text, sizeof self->text, "%ux%u", info->image_width, info->image_height);
    headrace_jpeg_leave(self, HEADRACE_JPEG_OTHER_SIZE);
  }
  if (!box->fills && !may_be_whole(self)) {
    self->has_ended = true;
    headrace_jpeg_leave(self, HEADRACE_JPEG_ENDED);
  }
  choose_colors(self);
  info->scale_num = box->eighths;
  info->scale_denom = 8;
  jpeg_start_decompress(info);
  take_over_codes(self);
  crop(self);
  if (box->y > 0) jpeg_skip_scanlines(info, box->y);

  if (info->output_width != box->width || info->num_components == 4) {
    self->wide_rows = info->mem->alloc_sarray(
        (j_common_ptr)info, JPOOL_IMAGE, info->output_width * (JDIMENSION)info->output_components + 1, ROWS_AT_ONCE);
    // libjpeg-turbo writes rows that begin at a multiple of 32 bytes past the caches, and these are read at once.
    for (int i = 0; i < ROWS_AT_ONCE; i++) self->wide_rows[i]++;
  }
}

static void copy_row(const headrace_jpeg_decoder *self, const uint8_t *wide_row, uint8_t *row) {
  const headrace_jpeg_request *box = &self->request;
  const uint8_t *source = wide_row + (size_t)self->margin * self->info.output_components;
  if (self->info.num_components == 4) {
    headrace_jpeg_convert_cmyk(source, box->width, box->channels, row);
  } else {
    memcpy(row, source, (size_t)box->width * box->channels);
  }
}

static void read_rows(headrace_jpeg_decoder *self, const row_target *target) {
  for (uint32_t done = 0; done < self->request.height;) {
    uint8_t *first = target->rows + done * target->row_stride;
    uint32_t left = self->request.height - done;
    uint32_t count = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
    JSAMPROW rows[ROWS_AT_ONCE];
    for (uint32_t i = 0; i < count; i++) {
      rows[i] = self->wide_rows != NULL ? self->wide_rows[i] : first + i * target->row_stride;
    }
    uint32_t read = jpeg_read_scanlines(&self->info, rows, count);
    // It returns with nothing only where a source makes it wait, which this one does not.
    if (read == 0) headrace_jpeg_leave(self, HEADRACE_JPEG_BROKEN);
    if (self->wide_rows != NULL) {
      for (uint32_t i = 0; i < read; i++) copy_row(self, rows[i], first + i * target->row_stride);
    }
    done += read;
  }
}

static void finish(headrace_jpeg_decoder *self, const row_target *unused) {
  (void)unused;
  if (self->info.output_scanline == self->info.output_height) jpeg_finish_decompress(&self->info);
}

headrace_jpeg_decoder *headrace_jpeg_create(void) {
  headrace_jpeg_decoder *self = malloc(sizeof(headrace_jpeg_decoder));
  // All but the tables, which are made when they are needed.
  if (self != NULL) memset(self, 0, offsetof(headrace_jpeg_decoder, huffman));
  return self;
}

/// Starts again, with libjpeg for all: it says what damage there is, or fills it.
static int32_t start_plainly(headrace_jpeg_decoder *self) {
  jpeg_destroy_decompress(&self->info);
  self->request.is_plain = true;
  self->entropy = HEADRACE_JPEG_ENTROPY_LEFT_TO_LIBRARY;
  self->wide_rows = NULL;
  self->is_damaged = false;
  self->text[0] = 0;
  self->has_ended = false;
  headrace_jpeg_set_errors(self);
  return run(self, start, NULL);
}

int32_t headrace_jpeg_start(
    headrace_jpeg_decoder *self, const uint8_t *bytes, size_t count, const headrace_jpeg_request *request) {
  self->bytes = bytes;
  self->count = count;
  self->request = *request;
  headrace_jpeg_set_errors(self);
  int32_t status = run(self, start, NULL);
  return status == HEADRACE_JPEG_AGAIN ? start_plainly(self) : status;
}

int32_t headrace_jpeg_read(headrace_jpeg_decoder *self, uint8_t *rows, size_t row_stride) {
  row_target target = {.rows = rows, .row_stride = row_stride};
  int32_t status = run(self, read_rows, &target);
  if (status == HEADRACE_JPEG_AGAIN) {
    status = start_plainly(self);
    if (status == HEADRACE_JPEG_OK) status = run(self, read_rows, &target);
  }
  return status;
}

int32_t headrace_jpeg_finish(headrace_jpeg_decoder *self) { return run(self, finish, NULL); }

int32_t headrace_jpeg_entropy(const headrace_jpeg_decoder *self) { return self->entropy; }

const char *headrace_jpeg_text(const headrace_jpeg_decoder *self) { return self->text; }

void headrace_jpeg_destroy(headrace_jpeg_decoder *self) {
  // Never fails, and does nothing where there is no decompress object.
  if (self->info.err != NULL) jpeg_destroy_decompress(&self->info);
  free(self);
}
