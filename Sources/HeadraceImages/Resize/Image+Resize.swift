import HeadraceCore

extension Image {
  /// Resizes straight into a tensor of any size: uint8, `[H, W, C]` with the image's channels, or `[H, W]` for gray.
  ///
  /// Bit-equal to Pillow's `Image.resize((W, H), ...)` of modes L, RGB and RGBA, the last of which averages colors
  /// weighted by alpha. At the same size pixels are copied as they are.
  ///
  /// - Parameters:
  ///   - interpolation: how pixels come of those of the source.
  ///   - antialias: whether every source pixel counts when the image gets smaller, as with Pillow; without it only
  ///     those next to each result pixel do, which is no faster here.
  /// - Throws: `wrongType` when the tensor is no uint8 image, or has other channels than this one.
  /// - Complexity: O(pixels of the source + pixels of the tensor).
  public func resize(
    into tensor: consuming MutableTensor, interpolation: Interpolation = .bilinear, antialias: Bool = true
  ) throws(HeadraceError) {
    var tensor = tensor
    let shape = try ImageShape(tensor)
    guard shape.channels == channels else {
      throw HeadraceError(
        .wrongType,
        "The image is \(self), tensor \"\(tensor.name)\" of shape \(tensor.shape) takes \(shape.channels); "
          + "decode with channels: .\(shape.channels), or change its TensorSpec.")
    }
    var target = try tensor.elements(as: UInt8.self)
    resize(into: &target, width: shape.width, height: shape.height, interpolation, antialias)
  }

  /// A copy of another size, at least 1 pixel each way, resized as `resize(into:interpolation:antialias:)` does.
  ///
  /// - Complexity: O(pixels of the source + pixels of the result).
  public func resized(
    width: Int, height: Int, interpolation: Interpolation = .bilinear, antialias: Bool = true
  ) -> Image {
    precondition(width >= 1 && height >= 1, "resizing to \(width)x\(height); each must be at least 1")
    var result = [UInt8](repeating: 0, count: width * height * channels.rawValue)
    var target = result.mutableSpan
    resize(into: &target, width: width, height: height, interpolation, antialias)
    return Image(width: width, height: height, channels: channels, pixels: result)
  }

  private func resize(
    into target: inout MutableSpan<UInt8>, width: Int, height: Int, _ interpolation: Interpolation, _ antialias: Bool
  ) {
    let size = channels.rawValue
    if width == self.width && height == self.height { return Self.copy(pixels.span, into: &target) }

    // The nearest pixel is taken as it is; only averages need alpha.
    let hasAlpha = channels == .rgba && interpolation != .nearest
    let source = hasAlpha ? premultiplied() : pixels
    let columns = ResizeAxis()
    let rows = ResizeAxis()
    columns.prepare(interpolation, antialias: antialias, source: 0..<self.height, target: height)
    rows.prepare(interpolation, antialias: antialias, source: 0..<self.width, target: width)

    func resizeRows(_ source: Span<UInt8>, _ rowCount: Int, into target: inout MutableSpan<UInt8>) {
      Resize.horizontal(
        rows, source, stride: self.width * size, rowCount: rowCount, channels: channels, into: &target,
        stride: width * size)
    }
    func resizeColumns(_ source: Span<UInt8>, _ width: Int, into target: inout MutableSpan<UInt8>) {
      Resize.vertical(
        columns, 0..<height, source, stride: width * size, rowByteCount: width * size, into: &target,
        stride: width * size)
    }
    if width == self.width {
      resizeColumns(source.span, width, into: &target)
    } else if height == self.height {
      resizeRows(source.span, height, into: &target)
    } else if Resize.columnsComeFirst(
      width: self.width, height: self.height, targetWidth: width, targetHeight: height)
    {
      var middle = [UInt8](repeating: 0, count: self.width * height * size)
      var lower = middle.mutableSpan
      resizeColumns(source.span, self.width, into: &lower)
      resizeRows(lower.span, height, into: &target)
    } else {
      var middle = [UInt8](repeating: 0, count: width * self.height * size)
      var narrower = middle.mutableSpan
      resizeRows(source.span, self.height, into: &narrower)
      resizeColumns(narrower.span, width, into: &target)
    }
    if hasAlpha { Premultiplication.divide(&target) }
  }

  private static func copy(_ source: Span<UInt8>, into target: inout MutableSpan<UInt8>) {
    unsafe source.withUnsafeBufferPointer { source in
      unsafe target.withUnsafeMutableBufferPointer { _ = unsafe $0.update(fromContentsOf: source) }
    }
  }

  private func premultiplied() -> [UInt8] {
    var result = [UInt8](repeating: 0, count: pixels.count)
    var span = result.mutableSpan
    Premultiplication.multiply(pixels.span, into: &span)
    return result
  }
}
