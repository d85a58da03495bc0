// The loop in which nearly all time is spent, as a function named INFLATE_FAST.

#include "inflate_internal.h"

enum {
  // What a turn may load of the source beyond where it began: two refills of 7 bytes, and a load of 8.
  SOURCE_MARGIN = 24,
  // What a turn may write: nine literals and the fourth byte of a store, then the longest match and the rest of its
  // last copy.
  TARGET_MARGIN = 10 + 258 + 32,
};

/// Copies what the target has `distance` bytes before; up to 31 bytes more than asked for.
static inline void copy_match(uint8_t *out, size_t distance, size_t length) {
  const uint8_t *from = out - distance;
  const uint8_t *end = out + length;
  if (distance >= 16) {
    do {
      memcpy(out, from, 16);
      memcpy(out + 16, from + 16, 16);
      from += 32;
    } while ((out += 32) < end);
  } else if (distance == 1) {
    do {
      memset(out, *from, 32);
    } while ((out += 32) < end);
  } else {
    // Eight bytes of which only the first are right, where the distance is shorter: the next copy is over the others.
    size_t step = distance < 8 ? distance : 8;
    do {
      uint64_t word = inflate_load(from);
      memcpy(out, &word, sizeof word);
      from += step;
    } while ((out += step) < end);
  }
}

block_progress INFLATE_FAST(const headrace_inflater *inflater, inflate_state *state) {
  if (state->end - state->next < SOURCE_MARGIN || state->out_end - state->out < TARGET_MARGIN) return BLOCK_GOES_ON;
  const uint8_t *last_next = state->end - SOURCE_MARGIN;
  const uint8_t *last_out = state->out_end - TARGET_MARGIN;
  const uint32_t *literals = inflater->literals;
  const uint8_t *next = state->next;
  uint8_t *out = state->out;
  uint64_t bits = state->bits;
  // The lowest 6 bits count. What is above them is left of entries, which are subtracted whole.
  uint32_t bit_count = state->bit_count;
  block_progress progress = BLOCK_GOES_ON;

// At least 56 bits, without a branch: whole bytes that were loaded before are loaded again.
#define REFILL()                                  \
  do {                                            \
    bits |= inflate_load(next) << (bit_count & 63); \
    next += ~bit_count >> 3 & 7;                  \
    bit_count |= 56;                              \
  } while (0)
#define USE_BITS(entry)            \
  do {                             \
    bits >>= (entry) & ENTRY_BITS; \
    bit_count -= (entry);          \
  } while (0)
#define LOOK_UP() literals[bits & ((1 << LITERAL_BITS) - 1)]
// Writes the literals of an entry and makes it the next one, which is looked up first, since all else waits for that.
#define PUT_LITERALS(entry)                          \
  do {                                               \
    uint32_t found = (entry);                        \
    USE_BITS(found);                                 \
    (entry) = LOOK_UP();                             \
    uint32_t bytes = found >> 8;                     \
    memcpy(out, &bytes, sizeof bytes);               \
    out += found >> ENTRY_COUNT_SHIFT & 3;           \
  } while (0)

  REFILL();
  uint32_t entry = LOOK_UP();
  do {
    // `entry` is that of the next bits, of which there are 56.
    if (entry & ENTRY_LITERALS) {
      PUT_LITERALS(entry);
      if (entry & ENTRY_LITERALS) {
        PUT_LITERALS(entry);
        if (entry & ENTRY_LITERALS) {
          PUT_LITERALS(entry);
          REFILL();
          continue;
        }
      }
      // A length and its distance take up to 48.
      REFILL();
    }
    if (__builtin_expect(entry & (ENTRY_LONGER | ENTRY_END | ENTRY_INVALID), 0)) {
      if (entry & ENTRY_LONGER) {
        entry = inflate_longer(literals, LITERAL_BITS, entry, bits);
        if (entry & ENTRY_LITERALS) {
          PUT_LITERALS(entry);
          REFILL();
          continue;
        }
      }
      if (entry & (ENTRY_END | ENTRY_INVALID)) {
        progress = entry & ENTRY_END ? BLOCK_ENDED : BLOCK_INVALID;
        USE_BITS(entry);
        break;
      }
    }
    size_t length = inflate_value(entry, bits);
    USE_BITS(entry);
    entry = inflater->distances[bits & ((1 << DISTANCE_BITS) - 1)];
    if (entry & ENTRY_LONGER) entry = inflate_longer(inflater->distances, DISTANCE_BITS, entry, bits);
    size_t distance = inflate_value(entry, bits);
    if (__builtin_expect(entry & ENTRY_INVALID || distance > (size_t)(out - state->out_begin), 0)) {
      progress = BLOCK_INVALID;
      break;
    }
    USE_BITS(entry);
    REFILL();
    entry = LOOK_UP();
    copy_match(out, distance, length);
    out += length;
  } while (next <= last_next && out <= last_out);

#undef REFILL
#undef USE_BITS
#undef LOOK_UP
#undef PUT_LITERALS

  state->next = next;
  state->out = out;
  state->bits = bits;
  state->bit_count = bit_count & 63;
  return progress;
}
