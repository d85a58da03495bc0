#ifndef HEADRACE_INFLATE_INTERNAL_H
#define HEADRACE_INFLATE_INTERNAL_H

#include <string.h>

#include "headrace_inflate.h"

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "bits are loaded as a little-endian word"
#endif

enum {
  LONGEST_CODE = 15,
  // RFC 1951, section 3.2.7. The last two of each mean nothing, and have codes in fixed blocks only.
  LITERAL_SYMBOLS = 288,
  DISTANCE_SYMBOLS = 32,
  // Bits by which the first table of a code is looked up: 12 hold two or three literals of a photograph, with a table
  // of 16 KiB.
  LITERAL_BITS = 12,
  DISTANCE_BITS = 9,
  // Longer codes go on in second tables. The code is complete, so that at least two of them share one.
  LITERAL_ENTRIES = (1 << LITERAL_BITS) + (LITERAL_SYMBOLS / 2 << (LONGEST_CODE - LITERAL_BITS)),
  DISTANCE_ENTRIES = (1 << DISTANCE_BITS) + (DISTANCE_SYMBOLS / 2 << (LONGEST_CODE - DISTANCE_BITS)),
};

// An entry of a table, for one to three literals:
//
//     bits 0-5: bits of all their codes | 6-7: how many | 8-15, 16-23, 24-31: the literals
//
// All other entries have 0 in bits 6-7:
//
//     bits 0-5: bits of code and extra bits | 8-11: bits of the code alone | 12-14: kind | 16-31: base
//
// That of a second table has in bits 0-5 the bits of the first, and in the base where it begins.
enum {
  ENTRY_BITS = 63,
  ENTRY_LITERALS = 3 << 6,
  ENTRY_COUNT_SHIFT = 6,
  ENTRY_CODE_SHIFT = 8,
  ENTRY_LONGER = 1 << 12,
  ENTRY_END = 1 << 13,
  ENTRY_INVALID = 1 << 14,
  ENTRY_BASE_SHIFT = 16,
};

struct headrace_inflater {
  uint32_t literals[LITERAL_ENTRIES];
  uint32_t distances[DISTANCE_ENTRIES];
  /// Whether the tables are those of fixed codes, which need not be built again.
  bool is_fixed;
  /// Whether the loop of processors without BMI2 is taken.
  bool is_plain;
};

/// Where a stream has been read to, and written to.
typedef struct {
  const uint8_t *next;
  const uint8_t *end;
  /// Bits that are not used yet, the next one lowest. Above `bit_count` there may be bits of `next` already.
  uint64_t bits;
  uint32_t bit_count;
  uint8_t *out;
  uint8_t *out_begin;
  uint8_t *out_end;
} inflate_state;

typedef enum { BLOCK_GOES_ON, BLOCK_ENDED, BLOCK_INVALID } block_progress;

/// Builds the tables of a block from the lengths of its codes; false if they make no complete code.
bool headrace_inflate_build(
    headrace_inflater *inflater, const uint8_t *literal_lengths, size_t literal_count, const uint8_t *distance_lengths,
    size_t distance_count);

/// Decodes symbols of a block while source and target have room for the longest of them.
block_progress headrace_inflate_fast(const headrace_inflater *inflater, inflate_state *state);

#ifdef __x86_64__
/// The same, for processors with BMI2: shifts by a variable and masks are one instruction each.
block_progress headrace_inflate_fast_bmi2(const headrace_inflater *inflater, inflate_state *state);
#endif

static inline uint64_t inflate_load(const uint8_t *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

/// What the lowest bits stand for: the base of their entry, plus the extra bits that follow the code.
static inline size_t inflate_value(uint32_t entry, uint64_t bits) {
  uint64_t code_and_extra = bits & ((1ull << (entry & ENTRY_BITS)) - 1);
  return (entry >> ENTRY_BASE_SHIFT) + (size_t)(code_and_extra >> (entry >> ENTRY_CODE_SHIFT & 15));
}

/// The entry of the lowest bits, which an entry of the first table says is in a second one.
static inline uint32_t inflate_longer(const uint32_t *table, uint32_t table_bits, uint32_t entry, uint64_t bits) {
  return table[(entry >> ENTRY_BASE_SHIFT) + (bits >> table_bits & ((1u << (LONGEST_CODE - table_bits)) - 1))];
}

#endif
