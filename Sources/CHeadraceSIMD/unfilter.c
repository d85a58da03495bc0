#include "unfilter_internal.h"

int32_t headrace_simd_widest(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
    bool has_vbmi = __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vnni");
    return has_vbmi ? HEADRACE_SIMD_512_VBMI : HEADRACE_SIMD_512;
  }
  if (__builtin_cpu_supports("avx2")) return HEADRACE_SIMD_256;
  if (__builtin_cpu_supports("sse4.1")) return HEADRACE_SIMD_128;
  return HEADRACE_SIMD_SCALAR;
#elif defined(__aarch64__)
  return HEADRACE_SIMD_128;
#else
  return HEADRACE_SIMD_SCALAR;
#endif
}

/// Whether one of the rows depends on pixels to the left: only then skew is worth its while.
static bool needs_skew(const headrace_filtered_rows *filtered) {
  for (size_t y = 0; y < filtered->row_count; y++) {
    uint8_t filter = filtered->rows[y * (filtered->row_bytes + 1)];
    if (filter != FILTER_NONE && filter != FILTER_UP) return true;
  }
  return false;
}

/// How many rows are worth unfiltering at once, of those that are left; 1 is row by row.
static size_t rows_at_once(int32_t variant, const headrace_filtered_rows *filtered, size_t rest) {
  size_t width = filtered->row_bytes / filtered->pixel_bytes;
  // 16 rows are 18 pixels from first to last: in a narrow image most of that is waiting.
  if (variant >= HEADRACE_SIMD_512 && rest >= 16 && width >= 256) return 16;
  if (variant >= HEADRACE_SIMD_256 && rest >= 8) return 8;
  return variant >= HEADRACE_SIMD_128 && rest >= 4 ? 4 : 1;
}

static void unfilter_skewed(
    const headrace_filtered_rows *filtered, const uint8_t *above, uint8_t *target, size_t stride) {
  switch (filtered->row_count) {
#if defined(__x86_64__)
    case 16: return headrace_unfilter_16_rows(filtered, above, target, stride);
    case 8: return headrace_unfilter_8_rows(filtered, above, target, stride);
#endif
#if defined(__x86_64__) || defined(__aarch64__)
    case 4: return headrace_unfilter_4_rows(filtered, above, target, stride);
#endif
    default: __builtin_unreachable();
  }
}

static void unfilter_one_by_one(
    const headrace_filtered_rows *filtered, const uint8_t *above, uint8_t *target, size_t stride) {
  const uint8_t *row = filtered->rows;
  for (size_t y = 0; y < filtered->row_count; y++) {
    headrace_unfilter_row(row[0], row + 1, filtered->row_bytes, filtered->pixel_bytes, above, target);
    above = target;
    target += stride;
    row += filtered->row_bytes + 1;
  }
}

bool headrace_png_unfilter(
    int32_t variant, const headrace_filtered_rows *filtered, const uint8_t *above, uint8_t *target, size_t stride) {
  size_t pitch = filtered->row_bytes + 1;
  for (size_t y = 0; y < filtered->row_count; y++) {
    if (filtered->rows[y * pitch] > FILTER_PAETH) return false;
  }
  for (size_t y = 0; y < filtered->row_count;) {
    size_t count = rows_at_once(variant, filtered, filtered->row_count - y);
    headrace_filtered_rows rows = *filtered;
    rows.rows += y * pitch;
    rows.row_count = count;
    uint8_t *first = target + y * stride;
    if (count > 1 && needs_skew(&rows)) unfilter_skewed(&rows, above, first, stride);
    else unfilter_one_by_one(&rows, above, first, stride);
    above = first + (count - 1) * stride;
    y += count;
  }
  return true;
}
