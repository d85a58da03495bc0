import HeadraceCore

/// Carries out plans: memory and weights that one image after the other uses. One serves one thread at a time.
struct ImageWorkspace: ~Copyable {
  /// The pixels after a pass, and those that the next one makes.
  private var current = ScratchBuffer()
  private var next = ScratchBuffer()
  /// The pixels after all passes, where they are to be converted.
  private var result = ScratchBuffer()
  private var resampler = Resampler()
  private var blur = GaussianBlur()

  /// Bytes that are kept for the next image.
  var byteCount: Int { current.capacity + next.capacity + result.capacity + resampler.byteCount + blur.byteCount }

  mutating func release() {
    current.release()
    next.release()
    result.release()
    resampler.release()
    blur.release()
  }

  /// Makes the image of a file, as planned, and writes it into the tensor.
  ///
  /// - Throws: `wrongType` when the tensor has another shape or dtype; what decoding throws; `outOfMemory`.
  mutating func run(
    _ plan: ImagePlan, _ file: borrowing EncodedImage, layout: ImageLayout, into tensor: consuming MutableTensor
  ) throws(HeadraceError) {
    var tensor = tensor
    let output = try TensorOutput(tensor, plan, channels: file.channels, layout: layout)
    if output.takesPixels {
      var pixels = try tensor.elements(as: UInt8.self)
      return try makePixels(plan, file, into: &pixels)
    }
    let count = plan.width * plan.height * file.channels.rawValue
    try result.reserve(count)
    var converted = tensor.rawElements()
    // Taken out for as long as its bytes are written, and put back.
    var memory = ScratchBuffer()
    swap(&memory, &result)
    defer { swap(&memory, &result) }
    var pixels = memory.mutableSpan(count)
    try makePixels(plan, file, into: &pixels)
    output.convert(pixels.span, into: &converted)
  }

  /// Does all passes. The last of those that move pixels writes them to `target`, where the others change them.
  mutating func makePixels<Source: PixelSource & ~Escapable>(
    _ plan: ImagePlan, _ file: borrowing Source, into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    let channels = file.channels
    let last = plan.passes.lastIndex { !$0.isInPlace } ?? 0
    var (width, height) = (0, 0)
    for (index, pass) in plan.passes.enumerated() {
      let size = pass.size(after: (width, height))
      let count = size.width * size.height * channels.rawValue
      if index == last {
        try move(pass, of: file, isFirst: index == 0, width, height, into: &target)
      } else if !pass.isInPlace {
        var memory = ScratchBuffer()
        swap(&memory, &next)
        try memory.reserve(count)
        var pixels = memory.mutableSpan(count)
        try move(pass, of: file, isFirst: index == 0, width, height, into: &pixels)
        swap(&memory, &current)
        swap(&memory, &next)
      } else if index > last {
        pass.change(&target, width: width, height: height, channels)
      } else {
        var pixels = current.mutableSpan(count)
        pass.change(&pixels, width: width, height: height, channels)
      }
      (width, height) = size
    }
  }

  /// Does a pass that makes other pixels of the file, or of those in `current`, which are so many.
  private mutating func move<Source: PixelSource & ~Escapable>(
    _ pass: ImagePass, of file: borrowing Source, isFirst: Bool, _ width: Int, _ height: Int,
    into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    if isFirst, case .resample(let pass) = pass { return try read(file, pass, into: &target) }
    var memory = ScratchBuffer()
    swap(&memory, &current)
    defer { swap(&memory, &current) }
    let view = PixelView(
      memory.span(width * height * file.channels.rawValue), width: width, height: height, channels: file.channels)
    switch pass {
    case .resample(let pass): try resampler.run(pass, view, into: &target)
    case .extend(let pass): pass.copy(view, into: &target)
    case .blur(let kernelSize, let sigma):
      try blur.run(view, kernelSize: kernelSize, sigma: sigma, into: &target)
    case .adjust, .erase: preconditionFailure("\(pass) moves no pixels")
    }
  }

  /// Decodes what the first pass needs, straight to where it is to be if it is as it is to be.
  private mutating func read<Source: PixelSource & ~Escapable>(
    _ file: borrowing Source, _ pass: Resampling, into target: inout MutableSpan<UInt8>
  ) throws(HeadraceError) {
    let eighths = file.eighths(for: pass)
    let pass = pass.scaled(toEighths: eighths)
    let box = file.decodedBox(for: resampler.prepare(pass))
    if pass.isCopy && box == pass.box { return try file.decode(box, eighths: eighths, into: &target) }
    let count = box.width * box.height * file.channels.rawValue
    var memory = ScratchBuffer()
    swap(&memory, &current)
    defer { swap(&memory, &current) }
    // libjpeg-turbo writes rows that begin at a multiple of 32 bytes past the caches, and these are read at once.
    let skew = 1
    try memory.reserve(skew + count)
    var all = memory.mutableSpan(skew + count)
    var pixels = all._mutatingExtracting(skew...)
    try file.decode(box, eighths: eighths, into: &pixels)
    let view = PixelView(pixels.span, width: box.width, height: box.height, channels: file.channels)
    try resampler.run(pass, view, of: box, into: &target)
  }
}
