import HeadraceCore

/// How the pixels of a plan become the elements of a tensor.
struct TensorOutput {
  /// Nil where elements are pixels in their order: those are written straight into the tensor.
  private let conversion: PixelConversion?
  private let plan: ImagePlan
  private let channels: ImageChannels

  /// Compares a tensor with what is to be written to it.
  ///
  /// - Throws: `wrongType` when it has another shape or dtype.
  init(
    _ tensor: borrowing MutableTensor, _ plan: ImagePlan, channels: ImageChannels, layout: ImageLayout
  ) throws(HeadraceError) {
    let count = channels.rawValue
    guard Self.fits(tensor.shape, plan, count, layout) else {
      let shape = layout == .hwc ? [plan.height, plan.width, count] : [count, plan.height, plan.width]
      throw HeadraceError(
        .wrongType,
        "The image becomes \(plan.width)x\(plan.height) \(channels), tensor \"\(tensor.name)\" has shape"
          + " \(tensor.shape); resize or crop images to the shape \(shape), or change its TensorSpec.")
    }
    self.plan = plan
    self.channels = channels
    if tensor.dtype == .uint8, plan.normalization == nil, layout == .hwc || count == 1 {
      conversion = nil
      return
    }
    var scale = SIMD4<Float>(repeating: tensor.dtype == .uint8 ? 1 : 1 / 255)
    var offset = SIMD4<Float>.zero
    if let normalization = plan.normalization {
      for c in 0..<count {
        let deviation = normalization.deviation[normalization.deviation.count == 1 ? 0 : c]
        let mean = normalization.mean[normalization.mean.count == 1 ? 0 : c]
        scale[c] = 1 / (255 * deviation)
        offset[c] = -mean / deviation
      }
    }
    do throws(HeadraceError) {
      conversion = try PixelConversion(
        tensor.dtype, layout: layout, channels: channels, scale: scale, offset: offset)
    } catch {
      throw HeadraceError(
        .wrongType,
        "Tensor \"\(tensor.name)\" holds \(tensor.dtype), images become uint8, float32, float16 or bfloat16; declare it"
          + " so in its TensorSpec.")
    }
  }

  /// Whether a tensor of that shape takes the image; made without arrays, since it is asked for each image.
  private static func fits(_ shape: [Int], _ plan: ImagePlan, _ count: Int, _ layout: ImageLayout) -> Bool {
    let (rows, planes) = layout == .hwc ? (0, 2) : (1, 0)
    switch shape.count {
    case 2: return count == 1 && shape[0] == plan.height && shape[1] == plan.width
    case 3: return shape[planes] == count && shape[rows] == plan.height && shape[rows + 1] == plan.width
    default: return false
    }
  }

  /// Whether the tensor's elements are the pixels, in their order.
  var takesPixels: Bool { conversion == nil }

  /// Writes pixels to the elements from `target` on, row by row, and what is erased over them.
  func convert(_ pixels: Span<UInt8>, into target: inout MutableRawSpan) {
    guard let conversion else { return }
    let rowByteCount = plan.width * channels.rawValue
    let elementByteCount = conversion.dtype.byteCount
    let isPlanar = conversion.layout == .chw
    let targetRowByteCount = (isPlanar ? plan.width : rowByteCount) * elementByteCount
    let planeByteCount = plan.width * plan.height * elementByteCount
    for y in 0..<plan.height {
      var row = target._mutatingExtracting((y * targetRowByteCount)...)
      conversion.convert(
        row: pixels.extracting((y * rowByteCount)..<((y + 1) * rowByteCount)), into: &row,
        planeByteCount: planeByteCount)
    }
    for erasure in plan.erased {
      erasure.box.erase(
        &target, conversion.dtype, layout: conversion.layout, width: plan.width, height: plan.height,
        channels: channels, value: erasure.value)
    }
  }
}
