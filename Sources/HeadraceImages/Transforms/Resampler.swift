import HeadraceCore

/// Does the resampling of a plan: two passes, one along each axis, of no more pixels than the result needs.
///
/// It keeps its memory for the next image. One serves one thread at a time.
struct Resampler: ~Copyable {
  private let columns = ResizeAxis()
  private let rows = ResizeAxis()
  /// What is resized along one axis.
  private var between = ScratchBuffer()
  /// Colors times alpha.
  private var multiplied = ScratchBuffer()
  /// A result before its diagonal is swapped.
  private var unturned = ScratchBuffer()

  /// Bytes that are kept.
  var byteCount: Int { between.capacity + multiplied.capacity + unturned.capacity }

  mutating func release() {
    between.release()
    multiplied.release()
    unturned.release()
  }

  /// Fills `target` with the result's pixels, row by row.
  ///
  /// Bit-equal to Pillow 13 for what Pillow has: the box cut out, then resized, then cut, mirrored and turned. RGBA is
  /// averaged with colors times alpha.
  ///
  /// - Throws: `outOfMemory`.
  mutating func run(
    _ pass: Resampling, _ source: borrowing PixelView, into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    guard let resize = pass.resize else { return source.copy(pass.box, pass.orientation, into: &target) }
    let size = source.channels.rawValue
    guard pass.orientation.isTransposed else {
      return try run(pass.box, resize, pass.orientation, source, into: &target)
    }
    let window = resize.window
    let count = window.width * window.height * size
    var memory = ScratchBuffer()
    swap(&memory, &unturned)
    defer { swap(&memory, &unturned) }
    try memory.reserve(count)
    var pixels = memory.mutableSpan(count)
    try run(pass.box, resize, .identity, source, into: &pixels)
    let view = PixelView(pixels.span, width: window.width, height: window.height, channels: source.channels)
    view.copy(
      PixelBox(x: 0, y: 0, width: window.width, height: window.height), pass.orientation, into: &target)
  }

  private mutating func run(
    _ box: PixelBox, _ resize: Resampling.Resize, _ orientation: PixelOrientation, _ source: borrowing PixelView,
    into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    guard source.channels == .rgba, resize.kernel.interpolation != .nearest else {
      return try runPlain(box, resize, orientation, source, into: &target)
    }
    var memory = ScratchBuffer()
    swap(&memory, &multiplied)
    defer { swap(&memory, &multiplied) }
    try memory.reserve(source.bytes.count)
    var pixels = memory.mutableSpan(source.bytes.count)
    Premultiplication.multiply(source.bytes, into: &pixels)
    let view = PixelView(pixels.span, width: source.width, height: source.height, channels: .rgba)
    try runPlain(box, resize, orientation, view, into: &target)
    Premultiplication.divide(&target)
  }

  private mutating func runPlain(
    _ box: PixelBox, _ resize: Resampling.Resize, _ orientation: PixelOrientation, _ source: borrowing PixelView,
    into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    let (kernel, window, channels) = (resize.kernel, resize.window, source.channels)
    let size = channels.rawValue
    columns.prepare(
      kernel.interpolation, antialias: kernel.antialias, source: box.x..<(box.x + box.width), target: resize.width,
      window: window.x..<(window.x + window.width), mirrored: orientation.isFlippedHorizontally)
    rows.prepare(
      kernel.interpolation, antialias: kernel.antialias, source: box.y..<(box.y + box.height), target: resize.height,
      window: window.y..<(window.y + window.height), mirrored: orientation.isFlippedVertically)
    let targetStride = window.width * size
    var memory = ScratchBuffer()
    swap(&memory, &between)
    defer { swap(&memory, &between) }
    if Resize.columnsComeFirst(
      width: box.width, height: box.height, targetWidth: resize.width, targetHeight: resize.height)
    {
      // Rows as far as the box: vectors may read to its end, behind the last column that counts.
      let rowByteCount = columns.sourceEnd * size
      try memory.reserve(window.height * rowByteCount)
      var lower = memory.mutableSpan(window.height * rowByteCount)
      Resize.vertical(
        rows, 0..<window.height, source.bytes, stride: source.stride, rowByteCount: rowByteCount, into: &lower,
        stride: rowByteCount)
      Resize.horizontal(
        columns, lower.span, stride: rowByteCount, rowCount: window.height, channels: channels, into: &target,
        stride: targetStride)
    } else {
      let lines = rows.sourceRange
      try memory.reserve(lines.count * targetStride)
      var narrower = memory.mutableSpan(lines.count * targetStride)
      Resize.horizontal(
        columns, source.bytes.extracting((lines.lowerBound * source.stride)...), stride: source.stride,
        rowCount: lines.count, channels: channels, into: &narrower, stride: targetStride)
      Resize.vertical(
        rows, 0..<window.height, narrower.span, firstRow: lines.lowerBound, stride: targetStride,
        rowByteCount: targetStride, into: &target, stride: targetStride)
    }
  }
}
