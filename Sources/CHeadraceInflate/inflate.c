#include <stdlib.h>

#include <libdeflate.h>

#include "inflate_internal.h"

headrace_inflater *headrace_inflater_make(bool is_plain) {
  headrace_inflater *inflater = malloc(sizeof *inflater);
  if (inflater == NULL) return NULL;
  inflater->is_fixed = false;
  inflater->is_plain = is_plain;
  return inflater;
}

void headrace_inflater_free(headrace_inflater *inflater) { free(inflater); }

/// Loads bits: 56 or more, or all that are left.
static void refill(inflate_state *state) {
  if (state->end - state->next >= 8) {
    state->bits |= inflate_load(state->next) << state->bit_count;
    state->next += (63 - state->bit_count) >> 3;
    state->bit_count |= 56;
    return;
  }
  while (state->bit_count <= 56 && state->next < state->end) {
    state->bits |= (uint64_t)*state->next++ << state->bit_count;
    state->bit_count += 8;
  }
}

/// Takes up to 32 bits; false if there are fewer.
static bool take(inflate_state *state, uint32_t count, uint32_t *value) {
  if (state->bit_count < count) refill(state);
  if (state->bit_count < count) return false;
  *value = (uint32_t)(state->bits & ((1ull << count) - 1));
  state->bits >>= count;
  state->bit_count -= count;
  return true;
}

/// Gives back the bytes that were loaded and not begun, and drops the rest of one that was.
static void align(inflate_state *state) {
  state->next -= state->bit_count >> 3;
  state->bits = 0;
  state->bit_count = 0;
}

/// RFC 1951, section 3.2.4.
static bool copy_stored(inflate_state *state) {
  align(state);
  if (state->end - state->next < 4) return false;
  const uint8_t *header = state->next;
  size_t count = (size_t)header[0] | (size_t)header[1] << 8;
  size_t complement = (size_t)header[2] | (size_t)header[3] << 8;
  state->next += 4;
  if ((count ^ complement) != 0xffff) return false;
  if (count > (size_t)(state->end - state->next) || count > (size_t)(state->out_end - state->out)) return false;
  memcpy(state->out, state->next, count);
  state->next += count;
  state->out += count;
  return true;
}

/// RFC 1951, section 3.2.6.
static bool build_fixed(headrace_inflater *inflater) {
  // Blocks of fixed codes may be as short as 10 bits.
  if (inflater->is_fixed) return true;
  uint8_t lengths[LITERAL_SYMBOLS], distance_lengths[DISTANCE_SYMBOLS];
  memset(lengths, 8, 144);
  memset(lengths + 144, 9, 256 - 144);
  memset(lengths + 256, 7, 280 - 256);
  memset(lengths + 280, 8, LITERAL_SYMBOLS - 280);
  memset(distance_lengths, 5, DISTANCE_SYMBOLS);
  inflater->is_fixed =
      headrace_inflate_build(inflater, lengths, LITERAL_SYMBOLS, distance_lengths, DISTANCE_SYMBOLS);
  return inflater->is_fixed;
}

enum {
  // The code in which the lengths of the other codes are written.
  LENGTHS_SYMBOLS = 19,
  LENGTHS_BITS = 7,
  LENGTHS_ENTRIES = 1 << LENGTHS_BITS,
};

/// Builds the table of that code: symbols in the lowest 5 bits, bits of the code above; false if it is not complete.
static bool build_lengths_table(const uint8_t lengths[LENGTHS_SYMBOLS], uint8_t table[LENGTHS_ENTRIES]) {
  uint32_t code = 0;
  for (uint32_t length = 1; length <= LENGTHS_BITS; length++) {
    code <<= 1;
    for (uint32_t symbol = 0; symbol < LENGTHS_SYMBOLS; symbol++) {
      if (lengths[symbol] != length) continue;
      if (code >> length != 0) return false;
      uint32_t index = 0;
      for (uint32_t bit = 0; bit < length; bit++) index |= (code >> bit & 1) << (length - 1 - bit);
      for (; index < LENGTHS_ENTRIES; index += 1u << length) table[index] = (uint8_t)(symbol | length << 5);
      code++;
    }
  }
  return code == LENGTHS_ENTRIES;
}

/// Takes the lengths of both codes, in which lengths may be repeated from one code into the other.
static bool take_lengths(
    inflate_state *state, const uint8_t table[LENGTHS_ENTRIES], uint8_t *lengths, uint32_t lengths_count) {
  for (uint32_t i = 0; i < lengths_count;) {
    refill(state);
    uint8_t entry = table[state->bits & (LENGTHS_ENTRIES - 1)];
    uint32_t symbol = entry & 31, repeats, value;
    if (!take(state, entry >> 5, &value)) return false;
    if (symbol < 16) {
      lengths[i++] = (uint8_t)symbol;
      continue;
    }
    uint8_t length = 0;
    switch (symbol) {
      case 16:
        if (i == 0 || !take(state, 2, &repeats)) return false;
        length = lengths[i - 1];
        repeats += 3;
        break;
      case 17:
        if (!take(state, 3, &repeats)) return false;
        repeats += 3;
        break;
      default:
        if (!take(state, 7, &repeats)) return false;
        repeats += 11;
    }
    if (repeats > lengths_count - i) return false;
    memset(lengths + i, length, repeats);
    i += repeats;
  }
  return true;
}

/// RFC 1951, section 3.2.7.
static bool build_dynamic(headrace_inflater *inflater, inflate_state *state) {
  static const uint8_t order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  uint32_t literal_count, distance_count, written_count;
  if (!take(state, 5, &literal_count) || !take(state, 5, &distance_count) || !take(state, 4, &written_count)) {
    return false;
  }
  literal_count += 257;
  distance_count += 1;
  written_count += 4;
  // Those that mean nothing have no code here.
  if (literal_count > LITERAL_SYMBOLS - 2 || distance_count > DISTANCE_SYMBOLS - 2) return false;
  uint8_t lengths_lengths[LENGTHS_SYMBOLS] = {0};
  for (uint32_t i = 0; i < written_count; i++) {
    uint32_t length;
    if (!take(state, 3, &length)) return false;
    lengths_lengths[order[i]] = (uint8_t)length;
  }
  uint8_t table[LENGTHS_ENTRIES], lengths[LITERAL_SYMBOLS + DISTANCE_SYMBOLS];
  return build_lengths_table(lengths_lengths, table) &&
         take_lengths(state, table, lengths, literal_count + distance_count) &&
         headrace_inflate_build(inflater, lengths, literal_count, lengths + literal_count, distance_count);
}

/// Finds the entry of the next code, and takes its bits. `bits` are those that it had before it, for its value.
static bool take_entry(
    inflate_state *state, const uint32_t *table, uint32_t table_bits, uint32_t *entry, uint64_t *bits) {
  refill(state);
  uint32_t found = table[state->bits & ((1u << table_bits) - 1)], value;
  if (!(found & ENTRY_LITERALS) && found & ENTRY_LONGER) found = inflate_longer(table, table_bits, found, state->bits);
  *entry = found;
  *bits = state->bits;
  return take(state, found & ENTRY_BITS, &value);
}

/// Decodes the next literals, or match, or end, with an eye on the ends of source and target.
static block_progress decode_next(const headrace_inflater *inflater, inflate_state *state) {
  uint32_t entry;
  uint64_t bits;
  if (!take_entry(state, inflater->literals, LITERAL_BITS, &entry, &bits)) return BLOCK_INVALID;
  size_t room = (size_t)(state->out_end - state->out);
  if (entry & ENTRY_LITERALS) {
    uint32_t count = entry >> ENTRY_COUNT_SHIFT & 3;
    if (count > room) return BLOCK_INVALID;
    for (uint32_t i = 0; i < count; i++) *state->out++ = (uint8_t)(entry >> (8 + 8 * i));
    return BLOCK_GOES_ON;
  }
  if (entry & ENTRY_INVALID) return BLOCK_INVALID;
  if (entry & ENTRY_END) return BLOCK_ENDED;
  size_t length = inflate_value(entry, bits);
  if (!take_entry(state, inflater->distances, DISTANCE_BITS, &entry, &bits) || entry & ENTRY_INVALID) {
    return BLOCK_INVALID;
  }
  size_t distance = inflate_value(entry, bits);
  if (distance > (size_t)(state->out - state->out_begin) || length > room) return BLOCK_INVALID;
  for (; length > 0; length--, state->out++) *state->out = *(state->out - distance);
  return BLOCK_GOES_ON;
}

static block_progress decode_fast(const headrace_inflater *inflater, inflate_state *state) {
#ifdef __x86_64__
  if (!inflater->is_plain && __builtin_cpu_supports("bmi2")) return headrace_inflate_fast_bmi2(inflater, state);
#endif
  return headrace_inflate_fast(inflater, state);
}

static bool decode_block(const headrace_inflater *inflater, inflate_state *state) {
  block_progress progress = decode_fast(inflater, state);
  while (progress == BLOCK_GOES_ON) progress = decode_next(inflater, state);
  return progress == BLOCK_ENDED;
}

static bool decode_blocks(headrace_inflater *inflater, inflate_state *state) {
  uint32_t is_last, type;
  do {
    if (!take(state, 1, &is_last) || !take(state, 2, &type)) return false;
    bool is_whole = false;
    switch (type) {
      case 0: is_whole = copy_stored(state); break;
      case 1: is_whole = build_fixed(inflater) && decode_block(inflater, state); break;
      case 2: is_whole = build_dynamic(inflater, state) && decode_block(inflater, state); break;
    }
    if (!is_whole) return false;
  } while (!is_last);
  return true;
}

bool headrace_inflate_zlib(
    headrace_inflater *inflater, const uint8_t *source, size_t source_count, uint8_t *target, size_t target_count) {
  enum { HEADER_COUNT = 2, SUM_COUNT = 4 };
  if (source_count < HEADER_COUNT + SUM_COUNT) return false;
  // Method 8 with a window of up to 32 KiB, no dictionary. RFC 1950, section 2.2.
  bool is_deflate = (source[0] & 15) == 8 && source[0] >> 4 <= 7;
  bool has_dictionary = source[1] & 32;
  if (!is_deflate || has_dictionary || (source[0] << 8 | source[1]) % 31 != 0) return false;
  inflate_state state = {
      .next = source + HEADER_COUNT,
      .end = source + source_count - SUM_COUNT,
      .out = target,
      .out_begin = target,
      .out_end = target + target_count,
  };
  if (!decode_blocks(inflater, &state) || state.out != state.out_end) return false;
  align(&state);
  if (state.next != state.end) return false;
  const uint8_t *sum_bytes = state.end;
  uint32_t sum = 0;
  for (size_t i = 0; i < SUM_COUNT; i++) sum = sum << 8 | sum_bytes[i];
  return libdeflate_adler32(1, target, target_count) == sum;
}
