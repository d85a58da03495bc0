#include <stdio.h>
#include <string.h>

#include "headrace_png_internal.h"

static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

static uint32_t big_endian(const uint8_t *bytes) {
  return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/// CRC-32 bit by bit: of 17 bytes, a table would be dearer. https://www.w3.org/TR/png-3/#5CRC-algorithm
static uint32_t checksum(const uint8_t *bytes, size_t count) {
  uint32_t crc = ~0u;
  for (size_t i = 0; i < count; i++) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xedb88320u & -(crc & 1));
  }
  return ~crc;
}

static bool is_allowed(uint8_t color_type, uint8_t bit_depth) {
  switch (color_type) {
    case PNG_COLOR_TYPE_GRAY:
      return bit_depth == 1 || bit_depth == 2 || bit_depth == 4 || bit_depth == 8 || bit_depth == 16;
    case PNG_COLOR_TYPE_PALETTE: return bit_depth == 1 || bit_depth == 2 || bit_depth == 4 || bit_depth == 8;
    case PNG_COLOR_TYPE_RGB:
    case PNG_COLOR_TYPE_GRAY_ALPHA:
    case PNG_COLOR_TYPE_RGB_ALPHA: return bit_depth == 8 || bit_depth == 16;
    default: return false;
  }
}

static int32_t broken(headrace_png_failure *failure, size_t offset, const char *text) {
  failure->offset = offset;
  headrace_png_set_text(failure, text);
  return HEADRACE_PNG_BROKEN;
}

void headrace_png_set_text(headrace_png_failure *failure, const char *text) {
  if (failure->text_capacity > 0) snprintf(failure->text, failure->text_capacity, "%s", text);
}

int32_t headrace_png_read_header(
    const uint8_t *bytes, size_t count, headrace_png_header *header, headrace_png_failure *failure) {
  headrace_png_set_text(failure, "");
  failure->offset = 0;
  size_t present = count < sizeof signature ? count : sizeof signature;
  if (present > 0 && memcmp(bytes, signature, present) != 0) return HEADRACE_PNG_NOT_PNG;
  if (count < 33) {
    failure->offset = count;
    return HEADRACE_PNG_ENDED;
  }
  // Signature 0-7; length 8-11, "IHDR" 12-15, data 16-28, checksum 29-32.
  if (big_endian(bytes + 8) != 13 || memcmp(bytes + 12, "IHDR", 4) != 0) {
    return broken(failure, 8, "the first chunk is not an IHDR of 13 bytes");
  }
  if (checksum(bytes + 12, 17) != big_endian(bytes + 29)) return broken(failure, 29, "IHDR: CRC error");

  header->width = big_endian(bytes + 16);
  header->height = big_endian(bytes + 20);
  header->bit_depth = bytes[24];
  header->color_type = bytes[25];
  header->interlaced = bytes[28];
  char text[HEADRACE_PNG_TEXT_CAPACITY];
  if (header->width - 1 >= PNG_UINT_31_MAX || header->height - 1 >= PNG_UINT_31_MAX) {
    snprintf(text, sizeof text, "IHDR: the size %u x %u is not allowed", header->width, header->height);
    return broken(failure, 16, text);
  }
  if (!is_allowed(header->color_type, header->bit_depth)) {
    snprintf(
        text, sizeof text, "IHDR: color type %d with bit depth %d is not allowed", header->color_type,
        header->bit_depth);
    return broken(failure, 24, text);
  }
  if (bytes[26] != 0 || bytes[27] != 0 || header->interlaced > 1) {
    snprintf(
        text, sizeof text, "IHDR: compression %d, filter %d or interlace method %d is unknown", bytes[26], bytes[27],
        header->interlaced);
    return broken(failure, 26, text);
  }
  return HEADRACE_PNG_OK;
}
