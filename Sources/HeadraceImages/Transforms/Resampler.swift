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
  var byteCount: Int {
    between.capacity + multiplied.capacity + unturned.capacity + columns.byteCount + rows.byteCount
  }

  mutating func release() {
    between.release()
    multiplied.release()
    unturned.release()
    columns.release()
    rows.release()
  }

  /// Computes the weights of a pass, for `run(_:_:of:into:)`, and says which part of the source it is made of.
  mutating func prepare(_ pass: Resampling) -> PixelBox {
    guard let resize = pass.resize else { return pass.box }
    let (box, kernel, window) = (pass.box, resize.kernel, resize.window)
    // What is turned is mirrored when it is turned.
    let orientation = pass.orientation.isTransposed ? .identity : pass.orientation
    columns.prepare(
      kernel.interpolation, antialias: kernel.antialias, source: box.x..<(box.x + box.width),
      interval: pass.area?.columns, target: resize.width, window: window.x..<(window.x + window.width),
      mirrored: orientation.isFlippedHorizontally)
    rows.prepare(
      kernel.interpolation, antialias: kernel.antialias, source: box.y..<(box.y + box.height),
      interval: pass.area?.rows, target: resize.height, window: window.y..<(window.y + window.height),
      mirrored: orientation.isFlippedVertically)
    let (across, down) = (columns.sourceRange, rows.sourceRange)
    return PixelBox(x: across.lowerBound, y: down.lowerBound, width: across.count, height: down.count)
  }

  /// Fills `target` with the result's pixels, row by row, all pixels of the source being there.
  ///
  /// - Throws: `outOfMemory`.
  mutating func run(
    _ pass: Resampling, _ source: borrowing PixelView, into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    _ = prepare(pass)
    try run(
      pass, source, of: PixelBox(x: 0, y: 0, width: source.width, height: source.height), into: &target)
  }

  /// Fills `target` with the result's pixels, row by row, once it is prepared.
  ///
  /// Bit-equal to Pillow 13 for what Pillow has: the box cut out, then resized, with its `box=` if there is an area,
  /// then cut, mirrored and turned. RGBA is averaged with colors times alpha.
  ///
  /// - Parameters:
  ///   - source: no more than a part of the source, which has what `prepare(_:)` returned.
  ///   - part: which one that is.
  /// - Throws: `outOfMemory`.
  mutating func run(
    _ pass: Resampling, _ source: borrowing PixelView, of part: PixelBox, into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    guard let resize = pass.resize else {
      return source.copy(pass.box.moved(x: -part.x, y: -part.y), pass.orientation, into: &target)
    }
    columns.cutSource(to: part.x..<(part.x + part.width))
    rows.cutSource(to: part.y..<(part.y + part.height))
    let columnsComeFirst = Resize.columnsComeFirst(
      width: pass.box.width, height: pass.box.height, targetWidth: resize.width, targetHeight: resize.height)
    let isWeightedByAlpha = source.channels == .rgba && resize.kernel.interpolation != .nearest
    guard pass.orientation.isTransposed else {
      return try resample(source, columnsComeFirst, isWeightedByAlpha, into: &target)
    }
    let window = resize.window
    let count = window.width * window.height * source.channels.rawValue
    var memory = ScratchBuffer()
    swap(&memory, &unturned)
    defer { swap(&memory, &unturned) }
    try memory.reserve(count)
    var pixels = memory.mutableSpan(count)
    try resample(source, columnsComeFirst, isWeightedByAlpha, into: &pixels)
    let view = PixelView(pixels.span, width: window.width, height: window.height, channels: source.channels)
    view.copy(
      PixelBox(x: 0, y: 0, width: window.width, height: window.height), pass.orientation, into: &target)
  }

  private mutating func resample(
    _ source: borrowing PixelView, _ columnsComeFirst: Bool, _ isWeightedByAlpha: Bool,
    into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    guard isWeightedByAlpha else { return try resample(source, columnsComeFirst, into: &target) }
    var memory = ScratchBuffer()
    swap(&memory, &multiplied)
    defer { swap(&memory, &multiplied) }
    try memory.reserve(source.bytes.count)
    var pixels = memory.mutableSpan(source.bytes.count)
    Premultiplication.multiply(source.bytes, into: &pixels)
    let view = PixelView(pixels.span, width: source.width, height: source.height, channels: .rgba)
    try resample(view, columnsComeFirst, into: &target)
    Premultiplication.divide(&target)
  }

  private mutating func resample(
    _ source: borrowing PixelView, _ columnsComeFirst: Bool, into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    let channels = source.channels
    let size = channels.rawValue
    let (width, height) = (columns.count, rows.count)
    let targetStride = width * size
    if let copied = columns.copiedRange {
      return Resize.vertical(
        rows, 0..<height, source.bytes.extracting((copied.lowerBound * size)...), stride: source.stride,
        rowByteCount: targetStride, into: &target, stride: targetStride)
    }
    if let copied = rows.copiedRange {
      return Resize.horizontal(
        columns, source.bytes.extracting((copied.lowerBound * source.stride)...), stride: source.stride,
        rowCount: height, channels: channels, into: &target, stride: targetStride)
    }
    var memory = ScratchBuffer()
    swap(&memory, &between)
    defer { swap(&memory, &between) }
    if columnsComeFirst {
      // Rows as far as the source is resized: vectors may read to its end, behind the last column that counts.
      let rowByteCount = columns.sourceEnd * size
      try memory.reserve(height * rowByteCount)
      var lower = memory.mutableSpan(height * rowByteCount)
      Resize.vertical(
        rows, 0..<height, source.bytes, stride: source.stride, rowByteCount: rowByteCount, into: &lower,
        stride: rowByteCount)
      Resize.horizontal(
        columns, lower.span, stride: rowByteCount, rowCount: height, channels: channels, into: &target,
        stride: targetStride)
    } else {
      let lines = rows.sourceRange
      try memory.reserve(lines.count * targetStride)
      var narrower = memory.mutableSpan(lines.count * targetStride)
      Resize.horizontal(
        columns, source.bytes.extracting((lines.lowerBound * source.stride)...), stride: source.stride,
        rowCount: lines.count, channels: channels, into: &narrower, stride: targetStride)
      Resize.vertical(
        rows, 0..<height, narrower.span, firstRow: lines.lowerBound, stride: targetStride,
        rowByteCount: targetStride, into: &target, stride: targetStride)
    }
  }
}
