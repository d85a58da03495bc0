#include "headrace_jpeg_internal.h"

/// a * b / 255, rounded to nearest.
static uint8_t product(uint32_t a, uint32_t b) {
  uint32_t product = a * b + 128;
  return (uint8_t)(((product >> 8) + product) >> 8);
}

void headrace_jpeg_convert_cmyk(const uint8_t *row, size_t count, int32_t channels, uint8_t *pixels) {
  for (size_t i = 0; i < count; i++, row += 4, pixels += channels) {
    // Stored is 255 less the ink. Pillow takes the light that the black ink leaves, less what the colored ink takes
    // away of it, each rounded: with both inverted the order of rounding still shows.
    uint8_t light = row[3];
    uint8_t red = light - product(255 - row[0], light);
    uint8_t green = light - product(255 - row[1], light);
    uint8_t blue = light - product(255 - row[2], light);
    if (channels == 1) {
      // ITU-R BT.601, as for PNG.
      pixels[0] = (uint8_t)((19595u * red + 38470u * green + 7471u * blue + 32768u) >> 16);
      continue;
    }
    pixels[0] = red;
    pixels[1] = green;
    pixels[2] = blue;
    if (channels == 4) pixels[3] = 255;
  }
}
