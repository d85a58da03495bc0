#pragma once

// Huffman decoding of baseline JPEG files in place of libjpeg's, which takes half of the time of an image. ITU-T T.81,
// C and F.2.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jpeglib.h>

enum {
  /// Bits by which a table is looked up.
  HEADRACE_JPEG_LOOKAHEAD = 10,
  /// The longest code. C.2
  HEADRACE_JPEG_LONGEST_CODE = 16,
  /// Beyond all indices that runs lead to.
  HEADRACE_JPEG_BLOCK_END = 128,
};

/// What the next bits begin with: one coefficient or two, each with the zeros before it, and perhaps the end of the
/// block.
typedef struct {
  int16_t values[2];
  /// How far behind the next index (zigzag order) each is. Where there is one coefficient it stands here twice.
  uint8_t offsets[2];
  /// How far the index moves, by HEADRACE_JPEG_BLOCK_END more at the end of the block. 0: the bits are more than
  /// the lookahead, and the first value is the symbol of the code.
  uint8_t advance;
  /// Bits of all of it; where `advance` is 0 those of the code, or 0 where that alone is longer than the lookahead.
  uint8_t length;
} headrace_jpeg_entry;

/// A Huffman table, of differences of DC or of AC coefficients.
typedef struct {
  /// By the next bits.
  headrace_jpeg_entry entries[1 << HEADRACE_JPEG_LOOKAHEAD];
  /// By length: the end of its codes, from the left of 16 bits, and what is added to such a code for the index of
  /// its symbol.
  uint32_t ends[HEADRACE_JPEG_LONGEST_CODE + 1];
  int32_t symbol_offsets[HEADRACE_JPEG_LONGEST_CODE + 1];
  uint8_t symbols[256];
} headrace_jpeg_table;

/// Where the coded data are read.
typedef struct {
  const uint8_t *next;
  const uint8_t *end;
  /// The next bits, from the left, and how many they are; less than none where more were taken than there are.
  uint64_t bits;
  int32_t count;
} headrace_jpeg_bits;

/// A scan on its way.
typedef struct {
  headrace_jpeg_bits bits;
  /// By component: the DC coefficient of its last block.
  int32_t last_dc[MAX_COMPS_IN_SCAN];
  uint32_t mcus_left;
  uint32_t mcus_to_restart;
  uint32_t next_restart;
  /// DC, AC.
  headrace_jpeg_table tables[2][NUM_HUFF_TBLS];
} headrace_jpeg_huffman;

/// Prepares for the scan that libjpeg has begun; false where it is none that this decodes.
bool headrace_jpeg_huffman_start(headrace_jpeg_huffman *self, struct jpeg_decompress_struct *info);

/// Decodes the next MCU into `blocks`, which are zero; NULL: nowhere. False where the file is not as it should be,
/// after which libjpeg has to say what becomes of it, from the start.
bool headrace_jpeg_huffman_decode(
    headrace_jpeg_huffman *self, struct jpeg_decompress_struct *info, JBLOCKROW *blocks);
