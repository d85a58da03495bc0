#ifndef HEADRACE_INFLATE_H
#define HEADRACE_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Inflates whole zlib streams (RFC 1950, RFC 1951) from memory to memory. Made for the rows of photographs, where most
// symbols are literals: a look into a table gives up to three of them. docs/design/0005-png.md.

/// The tables that a call builds. One call at a time may use them.
typedef struct headrace_inflater headrace_inflater;

/// Null where there is no memory. `is_plain`: without the instructions that only some processors have, for tests.
headrace_inflater *headrace_inflater_make(bool is_plain);

void headrace_inflater_free(headrace_inflater *inflater);

/// Fills `target` with what a stream holds, if it holds exactly so many bytes, its Adler-32 is right and nothing
/// follows it.
///
/// Refuses some streams that the RFCs permit and no encoder makes: with a preset dictionary, and with a Huffman code
/// that is not complete, unless it is that of one distance. When it returns false, some of `target` may be written.
/// Reads nothing outside of `source` and writes nothing outside of `target`. O(source_count + target_count).
bool headrace_inflate_zlib(
    headrace_inflater *inflater, const uint8_t *source, size_t source_count, uint8_t *target, size_t target_count);

#endif
