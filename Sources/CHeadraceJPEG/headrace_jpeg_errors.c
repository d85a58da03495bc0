#include <string.h>

#include "headrace_jpeg_internal.h"

static headrace_jpeg_decoder *decoder_of(j_common_ptr info) {
  return (headrace_jpeg_decoder *)info->client_data;
}

void headrace_jpeg_leave(headrace_jpeg_decoder *self, int32_t status) {
  self->status = status;
  longjmp(self->exit, 1);
}

static int32_t status_of(int code) {
  switch (code) {
    case JERR_OUT_OF_MEMORY: return HEADRACE_JPEG_NO_MEMORY;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_SOF_UNSUPPORTED: return HEADRACE_JPEG_UNSUPPORTED;
    default: return HEADRACE_JPEG_BROKEN;
  }
}

/// Whether a warning leaves all pixels as the encoder meant them. docs/design/0015-jpeg-webp.md says why of each.
static bool is_harmless(int code) {
  switch (code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_BOGUS_ICC:
    case JWRN_EXTRANEOUS_DATA:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL: return true;
    default: return false;
  }
}

/// libjpeg's error callback: keeps the message and leaves the call.
static void leave_with_message(j_common_ptr info) {
  headrace_jpeg_decoder *self = decoder_of(info);
  self->errors.format_message(info, self->text);
  headrace_jpeg_leave(self, status_of(self->errors.msg_code));
}

/// libjpeg's callback for warnings, which have a negative level, and for traces.
static void consider_warning(j_common_ptr info, int level) {
  headrace_jpeg_decoder *self = decoder_of(info);
  if (level >= 0 || is_harmless(self->errors.msg_code)) return;
  if (!self->is_damaged) self->errors.format_message(info, self->text);
  self->is_damaged = true;
  if (!self->request.fills) headrace_jpeg_leave(self, HEADRACE_JPEG_BROKEN);
}

static void print_nothing(j_common_ptr info) { (void)info; }

void headrace_jpeg_set_errors(headrace_jpeg_decoder *self) {
  self->info.err = jpeg_std_error(&self->errors);
  self->errors.error_exit = leave_with_message;
  self->errors.emit_message = consider_warning;
  self->errors.output_message = print_nothing;
  self->info.client_data = self;
}
