#include <string.h>

#include "convert_internal.h"

#pragma STDC FP_CONTRACT OFF

static uint32_t bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// Rounds `value / 2^shift` to nearest, halves to even.
static uint32_t rounded(uint32_t value, uint32_t shift) {
  if (shift > 31) return 0;
  uint32_t whole = value >> shift, rest = value & ((1u << shift) - 1), half = 1u << (shift - 1);
  return whole + (rest > half || (rest == half && (whole & 1)));
}

static uint16_t bfloat16_of(float value) { return (uint16_t)rounded(bits_of(value), 16); }

static uint16_t float16_of(float value) {
  uint32_t bits = bits_of(value), sign = bits >> 16 & 0x8000, exponent = bits >> 23 & 255;
  uint32_t fraction = (bits & 0x7FFFFF) | 0x800000;
  if (exponent >= 143) return (uint16_t)(sign | 0x7C00);
  // Below 2^-14 there is no leading 1, and fewer bits of the fraction are left the smaller the number is.
  if (exponent < 113) return (uint16_t)(sign | rounded(fraction, 126 - exponent));
  return (uint16_t)(sign | (((exponent - 113) << 10) + rounded(fraction, 13)));
}

static uint8_t uint8_of(float value) {
  if (value <= 0) return 0;
  if (value >= 255) return 255;
  uint32_t whole = (uint32_t)value;
  float rest = value - (float)whole;
  return (uint8_t)(whole + (rest > 0.5f || (rest == 0.5f && (whole & 1))));
}

void headrace_convert_row_scalar(
    const headrace_pixel_conversion *c, const uint8_t *row, size_t width, bool mirrored, void *target,
    size_t plane_bytes) {
  for (size_t x = 0; x < width; x++) {
    const uint8_t *pixel = row + (mirrored ? width - 1 - x : x) * c->channels;
    for (size_t i = 0; i < c->channels; i++) {
      float value = (float)pixel[i] * c->scale[i] + c->offset[i];
      size_t index = c->planar ? x : x * c->channels + i;
      uint8_t *plane = (uint8_t *)target + (c->planar ? i * plane_bytes : 0);
      uint16_t half = c->type == HEADRACE_CONVERT_FLOAT16 ? float16_of(value) : bfloat16_of(value);
      switch (c->type) {
        case HEADRACE_CONVERT_UINT8: plane[index] = uint8_of(value); break;
        case HEADRACE_CONVERT_FLOAT32: memcpy(plane + index * 4, &value, 4); break;
        default: memcpy(plane + index * 2, &half, 2);
      }
    }
  }
}
