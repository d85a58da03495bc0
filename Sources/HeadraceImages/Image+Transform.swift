import HeadraceCore

extension Image {
  /// What a list of transforms makes of the image.
  ///
  /// - Parameter random: where random choices come from; a stage has it of its `SampleContext`.
  /// - Throws: `invalidArgument` where a transform is not possible, or makes no pixels: `normalize`; `wrongType` where
  ///   the image is too small for a crop; `outOfMemory`.
  /// - Complexity: O(pixels that are needed + pixels of the result).
  public func transformed(
    by transforms: [ImageTransform], random: inout SampleRandom
  ) throws(HeadraceError) -> Image {
    if let mistake = ImageTransform.mistake(in: transforms, channels: channels) {
      throw HeadraceError(.invalidArgument, mistake)
    }
    var draw = TransformDraw(width: width, height: height, random: random)
    for transform in transforms { try draw.add(transform) }
    random = draw.random
    let plan = ImagePlan(width: width, height: height, draw.steps)
    let view = PixelView(pixels.span, width: width, height: height, channels: channels)
    let workspace = ImageWorkspacePool.take()
    defer { ImageWorkspacePool.put(workspace) }
    return try Image(plan, view, workspace)
  }

  /// Carries out a plan.
  init<Source: PixelSource & ~Escapable>(
    _ plan: ImagePlan, _ source: borrowing Source, _ workspace: ImageWorkspacePool.Entry
  ) throws(HeadraceError) {
    guard plan.normalization == nil else {
      throw HeadraceError(.invalidArgument, ImageTransform.floatMistake)
    }
    var pixels = [UInt8](repeating: 0, count: plan.width * plan.height * source.channels.rawValue)
    var target = pixels.mutableSpan
    try workspace.value.makePixels(plan, source, into: &target)
    self.init(width: plan.width, height: plan.height, channels: source.channels, pixels: pixels)
  }
}
