/// How pixels are weighed when an image is resized.
struct ResizeKernel: Hashable, Sendable {
  var interpolation: Interpolation
  /// Whether all pixels count when an image shrinks.
  var antialias: Bool
}
