#include "headrace_jpeg_huffman.h"

#include <string.h>

// State that is kept in registers: its address must not leave the function.
#define ALWAYS_INLINE inline __attribute__((always_inline))

enum {
  LOOKAHEAD = HEADRACE_JPEG_LOOKAHEAD,
  LONGEST_CODE = HEADRACE_JPEG_LONGEST_CODE,
  BLOCK_END = HEADRACE_JPEG_BLOCK_END,
  /// Bits that are there after a refill, unless the data end, and how many lookups they are good for.
  REFILLED = 56,
  LOOKUPS = REFILLED / LOOKAHEAD,
  /// A code and the bits behind it.
  LONGEST_CODE_AND_VALUE = LONGEST_CODE + 16,
};

/// Zigzag order, figure A.6; then what runs lead to that are too long.
static const uint8_t natural_order[DCTSIZE2 + 2 * 16] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48, 41, 34,
    27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
    58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
};

// MARK: Tables

/// The number that `size` bits stand for: those without a leading one are negative. F.2.2.1, EXTEND
static int32_t extended(uint32_t bits, uint32_t size) {
  return (int32_t)bits - (size > 0 && bits >> (size - 1) == 0 ? (1 << size) - 1 : 0);
}

/// Whether a symbol ends a block: as libjpeg takes them, all of no coefficient but a run of 16. F.2.2.2
static bool ends_block(uint32_t symbol) { return (symbol & 15) == 0 && symbol != 0xf0; }

/// Enters what one code stands for.
static void enter(headrace_jpeg_table *self, uint32_t code, uint32_t length, uint32_t symbol, bool is_dc) {
  headrace_jpeg_entry *first = &self->entries[code << (LOOKAHEAD - length)];
  uint32_t size = symbol & 15;
  uint8_t run = (uint8_t)(symbol >> 4);
  uint32_t spare = LOOKAHEAD - length;
  if (size > spare) {
    for (uint32_t i = 0; i < 1u << spare; i++) {
      *first++ = (headrace_jpeg_entry){.values = {(int16_t)symbol}, .length = (uint8_t)length};
    }
    return;
  }
  uint32_t same = 1u << (spare - size);
  for (uint32_t bits = 0; bits < 1u << size; bits++) {
    int16_t value = (int16_t)extended(bits, size);
    headrace_jpeg_entry entry = {
        .values = {value, value}, .offsets = {run, run}, .advance = run + 1, .length = (uint8_t)(length + size)};
    if (!is_dc && ends_block(symbol)) entry = (headrace_jpeg_entry){.advance = BLOCK_END, .length = (uint8_t)length};
    for (uint32_t i = 0; i < same; i++) *first++ = entry;
  }
}

/// Joins each coefficient with what follows, where that is within the lookahead too.
static void join(headrace_jpeg_table *self) {
  // As they were before any was joined.
  headrace_jpeg_entry single[1 << LOOKAHEAD];
  memcpy(single, self->entries, sizeof single);
  for (uint32_t i = 0; i < 1 << LOOKAHEAD; i++) {
    headrace_jpeg_entry first = single[i];
    if (first.advance == 0 || first.advance >= BLOCK_END || first.values[0] == 0) continue;
    headrace_jpeg_entry second = single[(i << first.length) & ((1 << LOOKAHEAD) - 1)];
    if (second.advance == 0 || first.length + second.length > LOOKAHEAD) continue;
    headrace_jpeg_entry *both = &self->entries[i];
    both->advance += second.advance;
    both->length += second.length;
    // The end of the block, and a run of 16, have none.
    if (second.values[0] == 0) continue;
    both->values[1] = second.values[0];
    both->offsets[1] = first.advance + second.offsets[0];
  }
}

/// False where the codes of a length are more than there can be, which libjpeg should have found.
static bool build(headrace_jpeg_table *self, const JHUFF_TBL *codes, bool is_dc) {
  memset(self->entries, 0, sizeof self->entries);
  memcpy(self->symbols, codes->huffval, sizeof self->symbols);
  uint32_t code = 0;
  int32_t index = 0;
  for (uint32_t length = 1; length <= LONGEST_CODE; length++, code <<= 1) {
    self->symbol_offsets[length] = index - (int32_t)code;
    uint32_t count = codes->bits[length];
    if (code + count > 1u << length || index + count > 256) return false;
    for (uint32_t i = 0; i < count; i++, code++, index++) {
      if (length <= LOOKAHEAD) enter(self, code, length, self->symbols[index], is_dc);
    }
    self->ends[length] = code << (LONGEST_CODE - length);
  }
  if (!is_dc) join(self);
  return true;
}

// MARK: Bits

/// Whether one of eight bytes is 0xff.
static bool has_ff(uint64_t bytes) {
  const uint64_t low = 0x0101010101010101;
  return (~bytes - low & bytes & low << 7) != 0;
}

/// Takes as many bytes as there is room for; fewer before a marker, and at the end of the file.
static ALWAYS_INLINE void refill(headrace_jpeg_bits *self) {
  if (self->end - self->next >= 8) {
    uint64_t bytes;
    memcpy(&bytes, self->next, 8);
    bytes = __builtin_bswap64(bytes);
    if (!has_ff(bytes)) {
      // Of the last byte those bits that fit, which come again.
      self->bits |= bytes >> self->count;
      int32_t count = (63 - self->count) >> 3;
      self->next += count;
      self->count += count * 8;
      return;
    }
  }
  while (self->count < REFILLED && self->next < self->end) {
    // B.1.1.5: a zero byte behind 0xff is none of the data.
    bool is_stuffed = *self->next == 0xff;
    if (is_stuffed && (self->end - self->next < 2 || self->next[1] != 0)) return;
    self->bits |= (uint64_t)*self->next << (56 - self->count);
    self->next += is_stuffed ? 2 : 1;
    self->count += 8;
  }
}

static ALWAYS_INLINE void take(headrace_jpeg_bits *self, uint32_t count) {
  self->bits <<= count;
  self->count -= (int32_t)count;
}

/// Gives back the whole bytes that were taken and not used.
static void give_back(headrace_jpeg_bits *self) {
  for (; self->count >= 8; self->count -= 8) self->next -= self->next[-1] == 0 && self->next[-2] == 0xff ? 2 : 1;
  self->bits = 0;
  self->count = 0;
}

// MARK: Coefficients

/// The symbol of a code that is longer than the lookahead; -1 where there is no such code.
static __attribute__((noinline)) int32_t long_symbol(
    uint64_t bits, const headrace_jpeg_table *table, uint32_t *length) {
  uint32_t code = (uint32_t)(bits >> (64 - LONGEST_CODE));
  for (uint32_t i = LOOKAHEAD + 1; i <= LONGEST_CODE; i++) {
    if (code < table->ends[i]) {
      *length = i;
      return table->symbols[(int32_t)(code >> (LONGEST_CODE - i)) + table->symbol_offsets[i]];
    }
  }
  return -1;
}

/// The symbol of the next code, whose entry says no more than that, and which is taken; -1 where there is no such code.
static ALWAYS_INLINE int32_t take_symbol(
    headrace_jpeg_bits *bits, const headrace_jpeg_table *table, const headrace_jpeg_entry *found) {
  uint32_t length = found->length;
  int32_t symbol = found->values[0];
  if (length == 0) symbol = long_symbol(bits->bits, table, &length);
  take(bits, length);
  return symbol;
}

static ALWAYS_INLINE int32_t take_value(headrace_jpeg_bits *bits, uint32_t size) {
  if (size == 0) return 0;
  uint32_t value = (uint32_t)(bits->bits >> (64 - size));
  take(bits, size);
  return extended(value, size);
}

static ALWAYS_INLINE const headrace_jpeg_entry *look_up(
    const headrace_jpeg_bits *bits, const headrace_jpeg_table *table) {
  return &table->entries[bits->bits >> (64 - LOOKAHEAD)];
}

/// F.2.2.1. Leaves bits for all lookups but one.
static ALWAYS_INLINE bool decode_dc(headrace_jpeg_bits *bits, const headrace_jpeg_table *table, int32_t *last) {
  refill(bits);
  const headrace_jpeg_entry *found = look_up(bits, table);
  if (__builtin_expect(found->advance != 0, 1)) {
    take(bits, found->length);
    *last += found->values[0];
  } else {
    int32_t symbol = take_symbol(bits, table, found);
    if (symbol < 0 || symbol > 15) return false;
    *last += take_value(bits, (uint32_t)symbol);
    refill(bits);
  }
  return *last >= INT16_MIN && *last <= INT16_MAX;
}

/// Bits of the coefficient with which an entry begins. Its code is not longer than the lookahead.
static __attribute__((noinline)) uint32_t single_length(uint64_t bits, const headrace_jpeg_table *table) {
  uint32_t code = (uint32_t)(bits >> (64 - LONGEST_CODE));
  uint32_t length = 1;
  while (code >= table->ends[length]) length++;
  return length + (table->symbols[(int32_t)(code >> (LONGEST_CODE - length)) + table->symbol_offsets[length]] & 15);
}

/// The coefficients behind the first; bits for all lookups but one are there. F.2.2.2
static ALWAYS_INLINE bool decode_ac(headrace_jpeg_bits *bits, const headrace_jpeg_table *table, JCOEF *block) {
  uint32_t index = 1;
  int lookups = LOOKUPS - 1;
  while (true) {
    const headrace_jpeg_entry *found = look_up(bits, table);
    if (__builtin_expect(found->advance != 0, 1)) {
      // A run of 16 writes the zero that is there already, and so does the end of the block.
      block[natural_order[index + found->offsets[0]]] = found->values[0];
      block[natural_order[index + found->offsets[1]]] = found->values[1];
      if (__builtin_expect(index + found->offsets[0] == DCTSIZE2 - 1 && found->values[0] != 0, 0)) {
        // The last of the block; what follows, and may be joined with it, is the next one's.
        block[DCTSIZE2 - 1] = found->values[0];
        take(bits, single_length(bits->bits, table));
        return bits->count >= 0;
      }
      take(bits, found->length);
      index += found->advance;
      lookups--;
    } else {
      if (bits->count < LONGEST_CODE_AND_VALUE) refill(bits);
      int32_t symbol = take_symbol(bits, table, found);
      if (symbol < 0) return false;
      uint32_t size = (uint32_t)symbol & 15;
      index += (uint32_t)symbol >> 4;
      if (ends_block((uint32_t)symbol)) index += BLOCK_END - 1;
      if (size > 0) block[natural_order[index]] = (JCOEF)take_value(bits, size);
      index++;
      lookups = 0;
    }
    if (index >= DCTSIZE2) break;
    if (lookups == 0) {
      refill(bits);
      lookups = LOOKUPS;
    }
  }
  // More than 64 without it: a run has gone past the block.
  if (index >= BLOCK_END) index -= BLOCK_END;
  return index <= DCTSIZE2 && bits->count >= 0;
}

// MARK: Scans

static void begin_interval(headrace_jpeg_huffman *self, const struct jpeg_decompress_struct *info) {
  memset(self->last_dc, 0, sizeof self->last_dc);
  self->mcus_to_restart = info->restart_interval;
}

/// Passes the restart marker that is due. E.2.4
static bool restart(headrace_jpeg_huffman *self, const struct jpeg_decompress_struct *info) {
  headrace_jpeg_bits *bits = &self->bits;
  give_back(bits);
  if (bits->end - bits->next < 2 || bits->next[0] != 0xff || bits->next[1] != JPEG_RST0 + self->next_restart) {
    return false;
  }
  bits->next += 2;
  self->next_restart = (self->next_restart + 1) & 7;
  begin_interval(self, info);
  return true;
}

bool headrace_jpeg_huffman_start(headrace_jpeg_huffman *self, struct jpeg_decompress_struct *info) {
  // As `refill` takes its bytes.
  if (__BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__) return false;
  if (info->progressive_mode || info->arith_code || info->data_precision != 8) return false;
  // Those of several scans are read to the end at once. The one scan has all components.
  if (jpeg_has_multiple_scans(info)) return false;
  self->bits = (headrace_jpeg_bits){
      .next = info->src->next_input_byte, .end = info->src->next_input_byte + info->src->bytes_in_buffer};
  self->mcus_left = info->MCUs_per_row * info->MCU_rows_in_scan;
  self->next_restart = 0;
  bool has_table[2][NUM_HUFF_TBLS] = {{false}};
  for (int i = 0; i < info->comps_in_scan; i++) {
    const jpeg_component_info *component = info->cur_comp_info[i];
    for (int kind = 0; kind < 2; kind++) {
      int number = kind == 0 ? component->dc_tbl_no : component->ac_tbl_no;
      if (number < 0 || number >= NUM_HUFF_TBLS) return false;
      if (has_table[kind][number]) continue;
      const JHUFF_TBL *codes = kind == 0 ? info->dc_huff_tbl_ptrs[number] : info->ac_huff_tbl_ptrs[number];
      if (codes == NULL || !build(&self->tables[kind][number], codes, kind == 0)) return false;
      has_table[kind][number] = true;
    }
  }
  begin_interval(self, info);
  return true;
}

bool headrace_jpeg_huffman_decode(
    headrace_jpeg_huffman *self, struct jpeg_decompress_struct *info, JBLOCKROW *blocks) {
  if (self->mcus_left == 0) return false;
  if (info->restart_interval > 0 && self->mcus_to_restart == 0 && !restart(self, info)) return false;
  headrace_jpeg_bits bits = self->bits;
  JBLOCK nowhere;
  for (int i = 0; i < info->blocks_in_MCU; i++) {
    int number = info->MCU_membership[i];
    const jpeg_component_info *component = info->cur_comp_info[number];
    JCOEF *block = blocks != NULL ? blocks[i][0] : nowhere;
    if (!decode_dc(&bits, &self->tables[0][component->dc_tbl_no], &self->last_dc[number])) return false;
    block[0] = (JCOEF)self->last_dc[number];
    if (!decode_ac(&bits, &self->tables[1][component->ac_tbl_no], block)) return false;
  }
  self->bits = bits;
  self->mcus_to_restart--;
  if (--self->mcus_left == 0) {
    give_back(&self->bits);
    info->src->next_input_byte = self->bits.next;
    info->src->bytes_in_buffer = (size_t)(self->bits.end - self->bits.next);
  }
  return true;
}
