import HeadraceCore

extension Image {
  /// Resizes straight into a tensor of any size: uint8, `[H, W, C]` with the image's channels, or `[H, W]` for gray.
  ///
  /// Bilinear with antialiasing: bit-equal to Pillow's `Image.resize((W, H), Resampling.BILINEAR)` of modes L, RGB and
  /// RGBA, the last of which averages colors weighted by alpha. At the same size pixels are copied as they are.
  ///
  /// - Throws: `wrongType` when the tensor is no uint8 image, or has other channels than this one.
  /// - Complexity: O(pixels of the source + pixels of the tensor).
  public func resize(into tensor: consuming MutableTensor) throws(HeadraceError) {
    var tensor = tensor
    let shape = try ImageShape(tensor)
    guard shape.channels == channels else {
      throw HeadraceError(
        .wrongType,
        "The image is \(self), tensor \"\(tensor.name)\" of shape \(tensor.shape) takes \(shape.channels); "
          + "decode with channels: .\(shape.channels), or change its TensorSpec.")
    }
    var target = try tensor.elements(as: UInt8.self)
    resize(into: &target, width: shape.width, height: shape.height)
  }

  /// A copy of another size, at least 1 pixel each way; bilinear with antialiasing as `resize(into:)`.
  ///
  /// - Complexity: O(pixels of the source + pixels of the result).
  public func resized(width: Int, height: Int) -> Image {
    precondition(width >= 1 && height >= 1, "resizing to \(width)x\(height); each must be at least 1")
    var result = [UInt8](repeating: 0, count: width * height * channels.rawValue)
    var target = result.mutableSpan
    resize(into: &target, width: width, height: height)
    return Image(width: width, height: height, channels: channels, pixels: result)
  }

  private func resize(into target: inout MutableSpan<UInt8>, width: Int, height: Int) {
    if width == self.width && height == self.height {
      let source = pixels.span
      for i in source.indices { target[i] = source[i] }
      return
    }
    let source = channels == .rgba ? Premultiplication.multiplied(pixels) : pixels
    let size = channels.rawValue
    if width == self.width {
      Resize.columns(source.span, rowByteCount: width * size, height: self.height, to: height, into: &target)
    } else if height == self.height {
      Resize.rows(source.span, width: self.width, height: height, channels: channels, to: width, into: &target)
    } else if columnsComeFirst(width: width, height: height) {
      var middle = [UInt8](repeating: 0, count: self.width * height * size)
      var lower = middle.mutableSpan
      Resize.columns(source.span, rowByteCount: self.width * size, height: self.height, to: height, into: &lower)
      Resize.rows(lower.span, width: self.width, height: height, channels: channels, to: width, into: &target)
    } else {
      var middle = [UInt8](repeating: 0, count: width * self.height * size)
      var narrower = middle.mutableSpan
      Resize.rows(source.span, width: self.width, height: self.height, channels: channels, to: width, into: &narrower)
      Resize.columns(narrower.span, rowByteCount: width * size, height: self.height, to: height, into: &target)
    }
    if channels == .rgba { Premultiplication.divide(&target) }
  }

  /// Whether Pillow 13 resizes columns before rows, which shows in the rounding in between.
  ///
  /// It does when the height loses more than twice as many pixels as the width: python-pillow/Pillow#9549.
  private func columnsComeFirst(width: Int, height: Int) -> Bool {
    height < self.height && self.height - height > 2 * (self.width - width)
  }
}
