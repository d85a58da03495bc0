/// In which order a tensor has the values of an image.
public enum ImageLayout: String, Hashable, Sendable, CaseIterable {
  /// `[height, width, channels]`, as files have them and TensorFlow and JAX take them.
  case hwc
  /// `[channels, height, width]`, as PyTorch takes them.
  case chw
}
