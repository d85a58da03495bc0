#include "colors_internal.h"

#pragma STDC FP_CONTRACT OFF

void headrace_blend_gray_scalar(float factor, float rest, uint8_t *pixels, size_t count, size_t channels) {
  for (uint8_t *pixel = pixels; pixel < pixels + count * channels; pixel += channels) {
    int gray = (2989 * pixel[0] + 5870 * pixel[1] + 1140 * pixel[2]) / 10000;
    for (size_t c = 0; c < 3; c++) {
      // The product of two such numbers is exact as a double.
      float value = (float)((double)(factor * (float)pixel[c]) + (double)rest * (double)gray);
      pixel[c] = value > 0 ? value < 255 ? (uint8_t)value : 255 : 0;
    }
  }
}

static uint8_t byte_of(float value) {
  return (uint8_t)((value < 0 ? 0 : value > 1 ? 1 : value) * 255.999f);
}

static void turn(float shift, uint8_t *pixel) {
  const float unit = 1.0 / 255;
  float red = (float)pixel[0] * unit, green = (float)pixel[1] * unit, blue = (float)pixel[2] * unit;
  float value = red > green ? red : green, least = red < green ? red : green;
  if (blue > value) value = blue;
  if (blue < least) least = blue;
  float range = value - least;
  if (range == 0) return;
  float saturation = range / value;
  float from_red = (value - red) / range, from_green = (value - green) / range, from_blue = (value - blue) / range;
  // In sixths of a turn from red, -1 to 5.
  float sixths = value == red     ? from_blue - from_green
                 : value == green ? from_red + 2 - from_blue
                                  : from_green + 4 - from_red;
  float hue = sixths * (float)(1.0 / 6) + 1;
  hue = (hue >= 1 ? hue - 1 : hue) + shift;
  hue = hue < 0 ? hue + 1 : hue >= 1 ? hue - 1 : hue;

  float turned = hue * 6;
  // 6 where a hue a little below 0 was rounded up to a full turn.
  int sector = (int)turned % 6;
  float part = saturation * (turned - (float)(int)turned), pale = 1 - saturation;
  uint8_t p = byte_of(pale * value), q = byte_of((1 - part) * value), t = byte_of((part + pale) * value);
  uint8_t v = byte_of(value);
  const uint8_t colors[6][3] = {{v, t, p}, {q, v, p}, {p, v, t}, {p, q, v}, {t, p, v}, {v, p, q}};
  for (size_t c = 0; c < 3; c++) pixel[c] = colors[sector][c];
}

void headrace_turn_hue_scalar(float shift, uint8_t *pixels, size_t count, size_t channels) {
  for (size_t i = 0; i < count; i++) turn(shift, pixels + i * channels);
}
