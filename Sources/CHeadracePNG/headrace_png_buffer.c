#include <stdlib.h>

#include "headrace_png.h"

bool headrace_png_reserve(headrace_png_buffer *buffer, size_t count) {
  if (count <= buffer->capacity) return true;
  headrace_png_release(buffer);
  buffer->bytes = malloc(count);
  if (buffer->bytes == NULL) return false;
  buffer->capacity = count;
  return true;
}

void headrace_png_release(headrace_png_buffer *buffer) {
  free(buffer->bytes);
  *buffer = (headrace_png_buffer){0};
}
