import HeadraceCore

/// A tensor's shape read as the size of an 8-bit image.
struct ImageShape {
  var width: Int
  var height: Int
  var channels: ImageChannels

  /// Reads `[H, W, C]` with C 1, 3 or 4, or `[H, W]` as gray.
  ///
  /// - Throws: `wrongType` for another shape or an element type other than uint8.
  init(_ tensor: borrowing MutableTensor) throws(HeadraceError) {
    guard tensor.dtype == .uint8 else {
      throw HeadraceError(
        .wrongType,
        "Tensor \"\(tensor.name)\" holds \(tensor.dtype), images are uint8; declare it .uint8 in its TensorSpec.")
    }
    let shape = tensor.shape
    let count = shape.count == 3 ? shape[2] : shape.count == 2 ? 1 : 0
    guard let channels = ImageChannels(rawValue: count), shape[0] >= 1, shape[1] >= 1 else {
      throw HeadraceError(
        .wrongType,
        "Tensor \"\(tensor.name)\" has shape \(shape), which is no image; "
          + "declare [height, width, channels] with 1, 3 or 4 channels, or [height, width], in its TensorSpec.")
    }
    height = shape[0]
    width = shape[1]
    self.channels = channels
  }
  /// Checks that an image of that size fills `tensor`, whose shape this is.
  ///
  /// - Throws: `wrongType` where it does not.
  func check(
    _ tensor: borrowing MutableTensor, holdsWidth imageWidth: Int, height imageHeight: Int
  ) throws(HeadraceError) {
    guard imageWidth == width && imageHeight == height else {
      throw HeadraceError(
        .wrongType,
        "The image is \(imageWidth)x\(imageHeight), tensor \"\(tensor.name)\" takes \(width)x\(height) "
          + "(shape \(tensor.shape)); decode to an Image and resize it into the tensor, or change its TensorSpec.")
    }
  }
}
