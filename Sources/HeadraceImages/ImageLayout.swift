/// In which order a tensor has the values of an image.
public enum ImageLayout: String, Hashable, Sendable, CaseIterable {
  /// `[height, width, channels]`, as files have them and TensorFlow and JAX take them.
  case hwc
  /// `[channels, height, width]`, as PyTorch takes them.
  case chw

  /// Height, width and channels of a tensor of that shape; of two extents those of a gray image.
  package func extents(of shape: [Int]) -> (height: Int, width: Int, channels: Int) {
    guard shape.count == 3 else { return (shape[0], shape[1], 1) }
    return self == .hwc ? (shape[0], shape[1], shape[2]) : (shape[1], shape[2], shape[0])
  }
}
