import HeadraceCore

/// Carries out plans: memory and weights that one image after the other uses. One serves one thread at a time.
struct ImageWorkspace: ~Copyable {
  /// The pixels after a pass, and those that the next one makes.
  private var current = ScratchBuffer()
  private var next = ScratchBuffer()
  /// All passes' result, where it is to be converted.
  private var result = ScratchBuffer()
  private var resampler = Resampler()
  private var blur = GaussianBlur()

  /// Bytes that are kept for the next image.
  var byteCount: Int { current.capacity + next.capacity + result.capacity + resampler.byteCount + blur.byteCount }

  /// Makes the image of a file, as planned, and writes it into the tensor.
  ///
  /// - Throws: `wrongType` when the tensor has another shape or dtype; what decoding throws; `outOfMemory`.
  mutating func run(
    _ plan: ImagePlan, _ file: borrowing ImageFile, into tensor: consuming MutableTensor, layout: ImageLayout
  ) throws(HeadraceError) {
    var tensor = tensor
    let output = try TensorOutput(tensor, plan, channels: file.channels, layout: layout)
    if output.takesPixels {
      var pixels = try tensor.elements(as: UInt8.self)
      return try makePixels(plan, file, into: &pixels)
    }
    let count = plan.width * plan.height * file.channels.rawValue
    try result.reserve(count)
    var pixels = result.mutableSpan(count)
    try makePixels(plan, file, into: &pixels)
    try output.convert(pixels.span, into: &tensor)
  }

  /// Does all passes; the last that moves pixels writes them where they are to be.
  private mutating func makePixels(
    _ plan: ImagePlan, _ file: borrowing ImageFile, into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    let channels = file.channels
    let last = plan.passes.lastIndex { !$0.isInPlace } ?? 0
    var (width, height) = (0, 0)
    for (index, pass) in plan.passes.enumerated() {
      if pass.isInPlace {
        if index > last {
          adjust(pass, &target, plan.width, plan.height, channels)
        } else {
          var pixels = current.mutableSpan(width * height * channels.rawValue)
          adjust(pass, &pixels, width, height, channels)
        }
        continue
      }
      let size = pass.size(of: (width, height))
      let count = size.width * size.height * channels.rawValue
    }
  }
}
