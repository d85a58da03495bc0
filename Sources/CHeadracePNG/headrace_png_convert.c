// From the rows of a PNG to 8-bit pixels, as Pillow's open and convert have it: docs/design/0005-png.md.

#include <string.h>

#include "headrace_png_internal.h"

typedef struct {
  uint8_t r, g, b, a;
} pixel;

typedef pixel (*loader)(const headrace_png_format *format, const uint8_t *row, size_t x);

/// ITU-R BT.601 luma with 16-bit weights, which sum to 65,536: of a gray it is that gray.
static inline uint8_t luma(uint8_t r, uint8_t g, uint8_t b) {
  return (uint8_t)((r * 19595u + g * 38470u + b * 7471u + 0x8000u) >> 16);
}

static inline uint16_t sample16(const uint8_t *bytes) { return (uint16_t)(bytes[0] << 8 | bytes[1]); }

static inline pixel gray(uint8_t value, uint8_t alpha) { return (pixel){value, value, value, alpha}; }

/// 16 bits of gray saturate at 255: Pillow clips its mode I;16 where all other modes keep the high byte.
static inline pixel load_gray16(const headrace_png_format *format, const uint8_t *row, size_t x) {
  uint16_t value = sample16(row + 2 * x);
  return gray(value > 255 ? 255 : (uint8_t)value, format->has_key && value == format->key[0] ? 0 : 255);
}

static inline pixel load_gray_alpha8(const headrace_png_format *format, const uint8_t *row, size_t x) {
  (void)format;
  return gray(row[2 * x], row[2 * x + 1]);
}

static inline pixel load_gray_alpha16(const headrace_png_format *format, const uint8_t *row, size_t x) {
  (void)format;
  return gray(row[4 * x], row[4 * x + 2]);
}

static inline pixel load_rgb8(const headrace_png_format *format, const uint8_t *row, size_t x) {
  const uint8_t *p = row + 3 * x;
  const uint16_t *key = format->key;
  bool is_key = format->has_key && p[0] == key[0] && p[1] == key[1] && p[2] == key[2];
  return (pixel){p[0], p[1], p[2], is_key ? 0 : 255};
}

/// The key is compared with all 16 bits, then the high byte is kept.
static inline pixel load_rgb16(const headrace_png_format *format, const uint8_t *row, size_t x) {
  const uint8_t *p = row + 6 * x;
  const uint16_t *key = format->key;
  bool is_key =
      format->has_key && sample16(p) == key[0] && sample16(p + 2) == key[1] && sample16(p + 4) == key[2];
  return (pixel){p[0], p[2], p[4], is_key ? 0 : 255};
}

static inline pixel load_rgba8(const headrace_png_format *format, const uint8_t *row, size_t x) {
  (void)format;
  const uint8_t *p = row + 4 * x;
  return (pixel){p[0], p[1], p[2], p[3]};
}

static inline pixel load_rgba16(const headrace_png_format *format, const uint8_t *row, size_t x) {
  (void)format;
  const uint8_t *p = row + 8 * x;
  return (pixel){p[0], p[2], p[4], p[6]};
}

/// Palette and gray of up to 8 bits: the sample is an index into the table, packed from the high bits down.
static inline pixel load_indexed(const headrace_png_format *format, const uint8_t *row, size_t x) {
  unsigned depth = format->bit_depth;
  size_t bit = x * depth;
  unsigned index = row[bit >> 3] >> (8 - depth - (bit & 7)) & ((1u << depth) - 1);
  const uint8_t *entry = format->table[index];
  return (pixel){entry[0], entry[1], entry[2], entry[3]};
}

static inline pixel load_indexed8(const headrace_png_format *format, const uint8_t *row, size_t x) {
  pixel p;
  memcpy(&p, format->table[row[x]], sizeof p);
  return p;
}

/// Inlined into each case below, so that `load` and `channels` are constants of the loop.
static inline __attribute__((always_inline)) void convert(
    const headrace_png_format *format, const uint8_t *row, size_t count, uint8_t *pixels, size_t step, loader load) {
  switch (format->channels) {
    case 1:
      for (size_t x = 0; x < count; x++, pixels += step) {
        pixel p = load(format, row, x);
        pixels[0] = luma(p.r, p.g, p.b);
      }
      break;
    case 3:
      for (size_t x = 0; x < count; x++, pixels += step) {
        pixel p = load(format, row, x);
        pixels[0] = p.r;
        pixels[1] = p.g;
        pixels[2] = p.b;
      }
      break;
    default:
      for (size_t x = 0; x < count; x++, pixels += step) {
        pixel p = load(format, row, x);
        memcpy(pixels, &p, 4);
      }
  }
}

void headrace_png_convert(
    const headrace_png_format *format, const uint8_t *row, size_t count, uint8_t *pixels, size_t step) {
  bool wide = format->bit_depth == 16, is_byte = format->bit_depth == 8;
  switch (format->color_type) {
    case PNG_COLOR_TYPE_GRAY:
      if (wide) return convert(format, row, count, pixels, step, load_gray16);
      if (is_byte) return convert(format, row, count, pixels, step, load_indexed8);
      return convert(format, row, count, pixels, step, load_indexed);
    case PNG_COLOR_TYPE_RGB:
      if (wide) return convert(format, row, count, pixels, step, load_rgb16);
      return convert(format, row, count, pixels, step, load_rgb8);
    case PNG_COLOR_TYPE_GRAY_ALPHA:
      if (wide) return convert(format, row, count, pixels, step, load_gray_alpha16);
      return convert(format, row, count, pixels, step, load_gray_alpha8);
    case PNG_COLOR_TYPE_RGB_ALPHA:
      if (wide) return convert(format, row, count, pixels, step, load_rgba16);
      return convert(format, row, count, pixels, step, load_rgba8);
    default:
      if (is_byte) return convert(format, row, count, pixels, step, load_indexed8);
      return convert(format, row, count, pixels, step, load_indexed);
  }
}

bool headrace_png_is_plain(const headrace_png_format *format) {
  if (format->bit_depth != 8 || format->has_key) return false;
  switch (format->color_type) {
    case PNG_COLOR_TYPE_GRAY: return format->channels == 1;
    case PNG_COLOR_TYPE_RGB: return format->channels == 3;
    case PNG_COLOR_TYPE_RGB_ALPHA: return format->channels == 4;
    default: return false;
  }
}

/// Of a gray of up to 8 bits: the samples spread over 0 to 255, the key transparent.
static void prepare_gray(headrace_png_format *format) {
  unsigned levels = 1u << format->bit_depth;
  for (unsigned i = 0; i < levels; i++) {
    uint8_t value = (uint8_t)(i * 255 / (levels - 1));
    uint8_t alpha = format->has_key && i == format->key[0] ? 0 : 255;
    memcpy(format->table[i], (uint8_t[4]){value, value, value, alpha}, 4);
  }
}

/// Indexes beyond the palette are opaque black, entries beyond the tRNS chunk opaque.
static void prepare_palette(headrace_png_format *format, const headrace_png_colors *colors) {
  size_t count = colors->palette_count / 3;
  for (size_t i = 0; i < 256; i++) {
    uint8_t *entry = format->table[i];
    memset(entry, 0, 3);
    if (i < count) memcpy(entry, colors->palette + 3 * i, 3);
    entry[3] = i < count && i < colors->transparency_count ? colors->transparency[i] : 255;
  }
}

void headrace_png_prepare_from(headrace_png_format *format, png_structp png, png_infop info) {
  format->color_type = png_get_color_type(png, info);
  format->bit_depth = png_get_bit_depth(png, info);
  if (format->color_type == PNG_COLOR_TYPE_PALETTE) {
    png_colorp palette = NULL;
    int count = 0;
    png_bytep alpha = NULL;
    int alpha_count = 0;
    png_get_PLTE(png, info, &palette, &count);
    png_get_tRNS(png, info, &alpha, &alpha_count, NULL);
    // A png_color is the three bytes of an entry, as in the file.
    _Static_assert(sizeof(png_color) == 3, "a palette of libpng's is one of the file's");
    headrace_png_colors colors = {(const uint8_t *)palette, 3 * (size_t)count, alpha, (size_t)alpha_count};
    return prepare_palette(format, &colors);
  }

  png_color_16p key = NULL;
  if (png_get_tRNS(png, info, NULL, NULL, &key) != 0 && key != NULL) {
    // Of a key only the bits of the sample's depth count. https://www.w3.org/TR/png-3/#11tRNS
    uint16_t mask = (uint16_t)((1u << format->bit_depth) - 1);
    bool is_gray = format->color_type == PNG_COLOR_TYPE_GRAY;
    format->has_key = true;
    format->key[0] = (is_gray ? key->gray : key->red) & mask;
    format->key[1] = key->green & mask;
    format->key[2] = key->blue & mask;
  }
  if (format->color_type == PNG_COLOR_TYPE_GRAY && format->bit_depth <= 8) prepare_gray(format);
}

void headrace_png_prepare(
    headrace_png_format *format, uint8_t color_type, int32_t channels, const headrace_png_colors *colors) {
  format->color_type = color_type;
  format->bit_depth = 8;
  format->channels = (uint8_t)channels;
  format->has_key = false;
  if (color_type == PNG_COLOR_TYPE_PALETTE) return prepare_palette(format, colors);
  if (colors->transparency_count > 0) {
    format->has_key = true;
    // The low byte of each sample of 16 bits: the others do not count.
    for (size_t i = 0; i < 3; i++) {
      size_t low = 2 * i + 1;
      format->key[i] = low < colors->transparency_count ? colors->transparency[low] : 0;
    }
  }
  if (color_type == PNG_COLOR_TYPE_GRAY) prepare_gray(format);
}
