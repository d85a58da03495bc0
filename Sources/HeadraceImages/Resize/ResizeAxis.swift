import CHeadraceSIMD

/// The weights with which the pixels of a line, a row or a column, add up to each pixel of a longer or shorter line.
///
/// It keeps its memory until it is told to release it: prepared again for lines of a length like that before, it
/// allocates nothing. One axis serves one thread at a time.
///
/// Weights have 22 fractional bits, and are those of Pillow's `Image.resize` (its algorithm: a kernel that is widened
/// when the line gets shorter, cut off at the ends of the line, and weights that add up to 1).
@safe
package final class ResizeAxis {
  /// The longest line, in pixels: 32-bit numbers hold what is computed of it.
  package static let longestLine = 1 << 30

  /// Pixels that are made: those of the window.
  package private(set) var count = 0
  /// Source pixels that count for these; those outside need not exist.
  package private(set) var sourceRange = 0..<0
  /// The source pixels that the results are, one by one and in their order; nil where some are weighed or mirrored.
  package private(set) var copiedRange: Range<Int>?
  private var taps = 0
  private var tapStride = 0
  /// Where the source interval ends.
  package private(set) var sourceEnd = 0
  private var starts = unsafe UnsafeMutableBufferPointer<Int32>(start: nil, count: 0)
  private var weights = unsafe UnsafeMutableBufferPointer<Int16>(start: nil, count: 0)
  /// The weights laid out for pixels of `channelsOfBlocks`; of no use where `blockByteCount` is 0.
  private var blocks = unsafe UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)
  private var blockByteCount = 0
  /// Nil where blocks have not been laid out since the weights were computed.
  private var channelsOfBlocks: ImageChannels?

  /// An axis without pixels, to be prepared.
  package init() {}

  /// Bytes that are kept for the next line.
  var byteCount: Int {
    unsafe starts.count * MemoryLayout<Int32>.stride + weights.count * MemoryLayout<Int16>.stride + blocks.count
  }

  /// Gives all memory back, and has no pixels until it is prepared again.
  func release() {
    unsafe Self.release(&starts)
    unsafe Self.release(&weights)
    unsafe Self.release(&blocks)
    (count, sourceRange, copiedRange, channelsOfBlocks) = (0, 0..<0, nil, nil)
  }

  deinit {
    unsafe starts.deallocate()
    unsafe weights.deallocate()
    unsafe blocks.deallocate()
  }

  /// Computes weights for `target` pixels of the `source` pixels, and keeps those of the window.
  ///
  /// Memory is in proportion to the longer line: weights take up to 16 bytes for each source pixel, whatever the
  /// target, or 36 for each result where there are more of those; blocks, where they are laid out, up to 64 or 80. Half
  /// as much again is added. Where there is no memory the process ends, so whoever decodes limits the line before:
  /// `DecodeLimits.maximumExtent`.
  ///
  /// - Parameters:
  ///   - antialias: widen the kernel when the line gets shorter, so that every source pixel counts, as Pillow does.
  ///     Without it two pixels count, as with PyTorch's `interpolate` of `align_corners=False`, or four if cubic, which
  ///     is not PyTorch's: its kernel has a = -0.75 and repeats the pixels at the ends, this one has a = -0.5, and what
  ///     is left of it there adds up to 1. The nearest pixel knows no such choice.
  ///   - source: the pixels that are resized, such as those of a crop box; pixels outside do not count, as if they had
  ///     been cut off before.
  ///   - interval: the part of `source` that is resized, if not all of it, on the same scale; its ends may lie within
  ///     pixels, as those of Pillow's `resize(box=)`. What the kernel reaches beyond it counts as far as `source` goes.
  ///   - window: which of the `target` pixels are made; nil for all.
  ///   - mirrored: make the pixels of the window in reverse order: last to first.
  /// - Complexity: O(pixels of the window * source pixels for each); for the nearest pixel O(end of the window).
  package func prepare(
    _ interpolation: Interpolation, antialias: Bool = true, source: Range<Int>, interval: Range<Double>? = nil,
    target: Int, window: Range<Int>? = nil, mirrored: Bool = false
  ) {
    let window = window ?? 0..<target
    let interval = interval ?? Double(source.lowerBound)..<Double(source.upperBound)
    precondition(
      source.lowerBound >= 0 && !source.isEmpty && source.upperBound <= Self.longestLine && target >= 1
        && target <= Self.longestLine,
      "resizing pixels \(source) to \(target); there must be at least 1 of either, and at most \(Self.longestLine)")
    precondition(
      interval.lowerBound >= Double(source.lowerBound) && interval.upperBound <= Double(source.upperBound)
        && !interval.isEmpty, "there is no interval \(interval) in pixels \(source)")
    precondition(
      window.lowerBound >= 0 && window.upperBound <= target && !window.isEmpty,
      "pixels \(window) of \(target) are none")
    var geometry = headrace_resize_geometry(
      kernel: interpolation.kernel, antialias: antialias, mirrored: mirrored, source_start: source.lowerBound,
      source_length: source.count, interval_start: interval.lowerBound - Double(source.lowerBound),
      interval_length: interval.upperBound - interval.lowerBound, target: target, from: window.lowerBound,
      to: window.upperBound)
    count = window.count
    sourceEnd = source.upperBound
    taps = unsafe headrace_resize_taps(&geometry)
    tapStride = (taps + 7) & ~7
    let rounded = (count + 3) & ~3
    unsafe Self.reserve(&starts, rounded)
    unsafe Self.reserve(&weights, rounded * 2 * tapStride)
    unsafe headrace_resize_fill(&geometry, taps, tapStride, starts.baseAddress!, weights.baseAddress!)
    // Mirrored, the last result comes first.
    let (first, last) = unsafe (Int(starts[0]), Int(starts[count - 1]))
    sourceRange = min(first, last)..<min(max(first, last) + taps, sourceEnd)
    channelsOfBlocks = nil
    let isCopy = source.count == target && interval == Double(source.lowerBound)..<Double(source.upperBound)
    let start = source.lowerBound + window.lowerBound
    copiedRange = isCopy && !mirrored ? start..<(start + count) : nil
  }

  /// Counts source pixels from the first of `part` on, and reads none behind its last: those outside are not there.
  ///
  /// - Parameter part: has all pixels of `sourceRange`.
  /// - Complexity: O(pixels of the window).
  package func cutSource(to part: Range<Int>) {
    precondition(
      part.lowerBound <= sourceRange.lowerBound && part.upperBound >= sourceRange.upperBound,
      "pixels \(sourceRange) count, they are not in \(part)")
    let first = part.lowerBound
    for i in 0..<((count + 3) & ~3) { unsafe starts[i] -= Int32(first) }
    sourceRange = (sourceRange.lowerBound - first)..<(sourceRange.upperBound - first)
    sourceEnd = min(sourceEnd, part.upperBound) - first
    copiedRange = copiedRange.map { ($0.lowerBound - first)..<($0.upperBound - first) }
  }

  private static func release<Element: BitwiseCopyable>(_ memory: inout UnsafeMutableBufferPointer<Element>) {
    unsafe memory.deallocate()
    unsafe memory = UnsafeMutableBufferPointer(start: nil, count: 0)
  }

  /// Makes room for `count` elements whose contents do not matter; half as much again, so that it is seldom too small.
  private static func reserve<Element: BitwiseCopyable>(
    _ memory: inout UnsafeMutableBufferPointer<Element>, _ count: Int
  ) {
    guard memory.count < count else { return }
    unsafe memory.deallocate()
    unsafe memory = .allocate(capacity: count + count / 2)
  }

  /// Calls `body` with the axis as C knows it.
  func withAxis(_ body: (UnsafePointer<headrace_resize_axis>) -> Void) {
    var axis = unsafe axis
    unsafe body(&axis)
  }

  /// Calls `body` with the axis as C knows it, its weights laid out for pixels of so many channels where the processor
  /// makes use of that.
  func withAxis(_ channels: ImageChannels, _ body: (UnsafePointer<headrace_resize_axis>) -> Void) {
    var axis = unsafe axis
    if channelsOfBlocks != channels {
      blockByteCount = unsafe headrace_resize_block_bytes(SIMDWidth.widest.rawValue, &axis, channels.rawValue)
      unsafe Self.reserve(&blocks, blockByteCount)
      if blockByteCount > 0 { unsafe headrace_resize_fill_blocks(&axis, channels.rawValue, blocks.baseAddress) }
      channelsOfBlocks = channels
    }
    if blockByteCount > 0 { unsafe axis.blocks = UnsafePointer(blocks.baseAddress) }
    unsafe body(&axis)
  }

  private var axis: headrace_resize_axis {
    unsafe headrace_resize_axis(
      starts: starts.baseAddress, weights: weights.baseAddress, count: count, taps: taps, tap_stride: tapStride,
      source_end: sourceEnd, blocks: nil)
  }
}

extension Interpolation {
  fileprivate var kernel: Int32 {
    switch self {
    case .nearest: Int32(HEADRACE_RESIZE_NEAREST)
    case .bilinear: Int32(HEADRACE_RESIZE_BILINEAR)
    case .bicubic: Int32(HEADRACE_RESIZE_BICUBIC)
    }
  }
}
