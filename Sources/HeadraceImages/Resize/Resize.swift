import CHeadraceSIMD

/// Resizes interleaved 8-bit pixels along rows or along columns, rounding to 8 bits after either, as Pillow does.
///
/// Both passes allocate nothing, and have the same results on every processor. docs/design/0016-pixels.md.
package enum Resize {
  /// Resizes along rows: makes `axis.count` pixels of each row.
  ///
  /// - Parameters:
  ///   - source: rows, `sourceStride` bytes from one to the next; of each, pixels up to the end of the axis's source
  ///     interval are read.
  ///   - target: gets as many rows, `targetStride` bytes from one to the next; what is between them is not touched.
  /// - Complexity: O(rows * pixels made * source pixels for each).
  package static func horizontal(
    _ axis: ResizeAxis, _ source: Span<UInt8>, stride sourceStride: Int, rowCount: Int, channels: ImageChannels,
    into target: inout MutableSpan<UInt8>, stride targetStride: Int, variant: SIMDWidth = .widest
  ) {
    guard rowCount > 0 else { return }
    let size = channels.rawValue
    precondition(
      holds(source.count, rowCount, sourceStride, axis.sourceEnd * size)
        && holds(target.count, rowCount, targetStride, axis.count * size),
      "\(rowCount) rows of \(axis.sourceEnd) pixels, \(sourceStride) bytes apart, are not in \(source.count) bytes, or "
        + "\(axis.count) pixels, \(targetStride) bytes apart, not in \(target.count)")
    unsafe source.withUnsafeBufferPointer { source in
      unsafe target.withUnsafeMutableBufferPointer { target in
        var rows = unsafe headrace_resize_rows(
          source: source.baseAddress, first_row: 0, source_stride: sourceStride, target: target.baseAddress,
          target_stride: targetStride)
        unsafe axis.withAxis(channels) { axis in
          unsafe headrace_resize_horizontal(variant.rawValue, axis, &rows, rowCount, size)
        }
      }
    }
  }

  /// Resizes along columns: makes some of the `axis.count` rows, one after the other.
  ///
  /// - Parameters:
  ///   - results: which rows to make, in the order of the axis.
  ///   - source: rows of `rowByteCount` bytes, `sourceStride` bytes from one to the next, among them those of
  ///     `axis.sourceRange`.
  ///   - firstRow: which row of the axis's source the first of them is.
  ///   - target: gets the results, `targetStride` bytes from one to the next.
  /// - Complexity: O(results * bytes of a row * source rows for each).
  package static func vertical(
    _ axis: ResizeAxis, _ results: Range<Int>, _ source: Span<UInt8>, firstRow: Int = 0, stride sourceStride: Int,
    rowByteCount: Int, into target: inout MutableSpan<UInt8>, stride targetStride: Int, variant: SIMDWidth = .widest
  ) {
    guard !results.isEmpty else { return }
    let lines = axis.sourceRange
    precondition(
      results.lowerBound >= 0 && results.upperBound <= axis.count && firstRow >= 0 && firstRow <= lines.lowerBound,
      "rows \(results) of \(axis.count) from row \(firstRow) on; the axis needs \(lines)")
    precondition(
      holds(source.count, lines.upperBound - firstRow, sourceStride, rowByteCount)
        && holds(target.count, results.count, targetStride, rowByteCount),
      "rows \(firstRow)..<\(lines.upperBound) of \(rowByteCount) bytes, \(sourceStride) apart, are not in "
        + "\(source.count) bytes, or \(results.count), \(targetStride) apart, not in \(target.count)")
    unsafe source.withUnsafeBufferPointer { source in
      unsafe target.withUnsafeMutableBufferPointer { target in
        var rows = unsafe headrace_resize_rows(
          source: source.baseAddress, first_row: firstRow, source_stride: sourceStride, target: target.baseAddress,
          target_stride: targetStride)
        unsafe axis.withAxis { axis in
          unsafe headrace_resize_vertical(
            variant.rawValue, axis, &rows, rowByteCount, results.lowerBound, results.upperBound)
        }
      }
    }
  }

  /// Whether Pillow 13 resizes columns before rows, which shows in the rounding in between.
  ///
  /// It does when the height loses more than twice as many pixels as the width: python-pillow/Pillow#9549.
  package static func columnsComeFirst(width: Int, height: Int, targetWidth: Int, targetHeight: Int) -> Bool {
    targetHeight < height && height - targetHeight > 2 * (width - targetWidth)
  }

  /// Whether `count` bytes hold that many rows of `rowByteCount` bytes.
  private static func holds(_ count: Int, _ rowCount: Int, _ stride: Int, _ rowByteCount: Int) -> Bool {
    guard stride >= rowByteCount || rowCount == 1 else { return false }
    let (offset, overflows) = (rowCount - 1).multipliedReportingOverflow(by: stride)
    return !overflows && rowByteCount <= count && offset <= count - rowByteCount
  }
}
