#include "inflate_internal.h"

/// The bits of a code as they come out of the stream, first bit lowest, and what they mean.
typedef struct {
  uint16_t code;
  uint32_t entry;
} coded_entry;

/// A canonical Huffman code, its symbols in order of length. RFC 1951, section 3.2.2.
typedef struct {
  /// Where in `coded` the symbols of a length begin; those of the next length end them.
  uint16_t start[LONGEST_CODE + 2];
  coded_entry coded[LITERAL_SYMBOLS];
} sorted_code;

typedef uint32_t entry_maker(size_t symbol, uint32_t code_bits);

/// RFC 1951, section 3.2.5.
static uint32_t literal_or_length(size_t symbol, uint32_t code_bits) {
  static const uint16_t bases[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                   31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
  static const uint8_t extra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                  2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
  if (symbol < 256) return code_bits | 1 << ENTRY_COUNT_SHIFT | (uint32_t)symbol << 8;
  if (symbol == 256) return code_bits | ENTRY_END;
  if (symbol > 285) return code_bits | ENTRY_INVALID;
  return (code_bits + extra[symbol - 257]) | code_bits << ENTRY_CODE_SHIFT |
         (uint32_t)bases[symbol - 257] << ENTRY_BASE_SHIFT;
}

static uint32_t distance(size_t symbol, uint32_t code_bits) {
  if (symbol > 29) return code_bits | ENTRY_INVALID;
  // Two symbols for each power of two, from 4 on with one extra bit more each time.
  uint32_t extra = symbol < 4 ? 0 : (uint32_t)symbol / 2 - 1;
  uint32_t base = symbol < 4 ? (uint32_t)symbol + 1 : (2 + (symbol & 1)) << extra | 1;
  return (code_bits + extra) | code_bits << ENTRY_CODE_SHIFT | base << ENTRY_BASE_SHIFT;
}

static uint16_t reversed(uint32_t code, uint32_t length) {
  code = (code & 0x5555) << 1 | (code >> 1 & 0x5555);
  code = (code & 0x3333) << 2 | (code >> 2 & 0x3333);
  code = (code & 0x0f0f) << 4 | (code >> 4 & 0x0f0f);
  code = (code & 0x00ff) << 8 | (code >> 8 & 0x00ff);
  return (uint16_t)(code >> (16 - length));
}

/// Gives symbols their bits, and sorts them.
///
/// Returns how many codes of the greatest length are left over: 0 for a complete code, negative for what is none.
static int32_t sort_code(sorted_code *sorted, const uint8_t *lengths, size_t symbol_count, entry_maker *make_entry) {
  uint16_t count[LONGEST_CODE + 1] = {0};
  for (size_t symbol = 0; symbol < symbol_count; symbol++) count[lengths[symbol]]++;
  count[0] = 0;
  uint32_t code[LONGEST_CODE + 1];
  uint16_t place[LONGEST_CODE + 1];
  uint32_t next = 0;
  uint16_t start = 0;
  int32_t left = 1 << LONGEST_CODE;
  for (uint32_t length = 1; length <= LONGEST_CODE; length++) {
    next = (next + count[length - 1]) << 1;
    code[length] = next;
    sorted->start[length] = place[length] = start;
    start += count[length];
    left -= count[length] << (LONGEST_CODE - length);
  }
  sorted->start[LONGEST_CODE + 1] = start;
  if (left < 0) return left;
  for (size_t symbol = 0; symbol < symbol_count; symbol++) {
    uint32_t length = lengths[symbol];
    if (length == 0) continue;
    sorted->coded[place[length]++] = (coded_entry){reversed(code[length]++, length), make_entry(symbol, length)};
  }
  return left;
}

/// Twice as many entries, looked up by one bit more: the second half is as the first.
static void double_table(uint32_t *table, uint32_t table_bits) {
  memcpy(table + (1u << (table_bits - 1)), table, sizeof *table << (table_bits - 1));
}

/// Adds second tables for the codes that are longer than the bits of the first, which has no entry for them yet.
static void add_longer(uint32_t *table, uint32_t table_bits, const sorted_code *sorted) {
  uint32_t rest = LONGEST_CODE - table_bits;
  uint32_t end = 1u << table_bits;
  for (uint32_t length = table_bits + 1; length <= LONGEST_CODE; length++) {
    for (uint32_t i = sorted->start[length]; i < sorted->start[length + 1]; i++) {
      coded_entry coded = sorted->coded[i];
      uint32_t *first = table + (coded.code & ((1u << table_bits) - 1));
      if (!(*first & ENTRY_LONGER)) {
        *first = table_bits | ENTRY_LONGER | end << ENTRY_BASE_SHIFT;
        end += 1u << rest;
      }
      uint32_t *second = table + (*first >> ENTRY_BASE_SHIFT);
      for (uint32_t j = coded.code >> table_bits; j < 1u << rest; j += 1u << (length - table_bits)) {
        second[j] = coded.entry;
      }
    }
  }
}

/// Literals, and pairs of them, in order of the bits that they take, up to those of the table.
typedef struct {
  uint16_t start[LITERAL_BITS + 2];
  coded_entry literals[256];
  uint16_t pair_start[LITERAL_BITS + 2];
  // Complete bits of no more than the table's, of which none begins with another's.
  coded_entry pairs[1 << LITERAL_BITS];
} literal_groups;

/// An entry of one or two literals with one more, whose place in the entry is `literal_shift` above that of a first.
static inline coded_entry joined(coded_entry first, uint32_t first_bits, coded_entry second, uint32_t literal_shift) {
  uint32_t bits_and_count = second.entry & 0xff;
  uint32_t literal = second.entry & 0xff00;
  return (coded_entry){
      .code = (uint16_t)(first.code | second.code << first_bits),
      .entry = first.entry + bits_and_count + (literal << literal_shift),
  };
}

/// Adds all pairs of literals that take `bits` together.
static void add_pairs(uint32_t *table, literal_groups *groups, uint32_t bits) {
  uint16_t end = groups->pair_start[bits];
  for (uint32_t first_bits = 1; first_bits < bits; first_bits++) {
    uint32_t second_bits = bits - first_bits;
    for (uint32_t i = groups->start[first_bits]; i < groups->start[first_bits + 1]; i++) {
      for (uint32_t j = groups->start[second_bits]; j < groups->start[second_bits + 1]; j++) {
        coded_entry pair = joined(groups->literals[i], first_bits, groups->literals[j], 8);
        table[pair.code] = pair.entry;
        groups->pairs[end++] = pair;
      }
    }
  }
  groups->pair_start[bits + 1] = end;
}

/// Adds all triples of literals that take `bits` together.
static void add_triples(uint32_t *table, const literal_groups *groups, uint32_t bits) {
  for (uint32_t third_bits = 1; third_bits < bits; third_bits++) {
    uint32_t pair_bits = bits - third_bits;
    for (uint32_t i = groups->start[third_bits]; i < groups->start[third_bits + 1]; i++) {
      for (uint32_t j = groups->pair_start[pair_bits]; j < groups->pair_start[pair_bits + 1]; j++) {
        coded_entry triple = joined(groups->pairs[j], pair_bits, groups->literals[i], 16);
        table[triple.code] = triple.entry;
      }
    }
  }
}

/// Each entry is written once, into a table that has just as many bits, and spreads as the table doubles. Where more
/// literals fit, they take the place of the fewer.
static void build_literals(uint32_t *table, const sorted_code *sorted) {
  literal_groups groups;
  uint16_t literal_count = 0;
  groups.start[1] = groups.pair_start[1] = 0;
  table[0] = ENTRY_INVALID;
  for (uint32_t bits = 1; bits <= LITERAL_BITS; bits++) {
    double_table(table, bits);
    for (uint32_t i = sorted->start[bits]; i < sorted->start[bits + 1]; i++) {
      coded_entry coded = sorted->coded[i];
      table[coded.code] = coded.entry;
      if (coded.entry & ENTRY_LITERALS) groups.literals[literal_count++] = coded;
    }
    groups.start[bits + 1] = literal_count;
    add_pairs(table, &groups, bits);
    add_triples(table, &groups, bits);
  }
  add_longer(table, LITERAL_BITS, sorted);
}

static void build_distances(uint32_t *table, const sorted_code *sorted) {
  table[0] = ENTRY_INVALID;
  for (uint32_t bits = 1; bits <= DISTANCE_BITS; bits++) {
    double_table(table, bits);
    for (uint32_t i = sorted->start[bits]; i < sorted->start[bits + 1]; i++) {
      table[sorted->coded[i].code] = sorted->coded[i].entry;
    }
  }
  add_longer(table, DISTANCE_BITS, sorted);
}

bool headrace_inflate_build(
    headrace_inflater *inflater, const uint8_t *literal_lengths, size_t literal_count, const uint8_t *distance_lengths,
    size_t distance_count) {
  inflater->is_fixed = false;
  sorted_code sorted;
  if (sort_code(&sorted, literal_lengths, literal_count, literal_or_length) != 0) return false;
  build_literals(inflater->literals, &sorted);
  int32_t left = sort_code(&sorted, distance_lengths, distance_count, distance);
  // Blocks without matches have no distance, or one that nobody uses. The code of one is a bit, of which the other
  // value means nothing.
  bool is_none = left == 1 << LONGEST_CODE;
  bool is_one = left == 1 << (LONGEST_CODE - 1) && sorted.start[2] == 1;
  if (left != 0 && !is_none && !is_one) return false;
  build_distances(inflater->distances, &sorted);
  return true;
}
