import HeadraceCore

/// Decodes an image file, transforms the image, and writes it into a tensor: all in one, so that no more is decoded
/// than the transforms need, and each value is written once.
///
/// Files are PNG, JPEG or WebP, whatever they are called. A tensor of uint8 gets the pixels; one of float32, float16 or
/// bfloat16 gets the values of `normalize`, or pixels over 255 where there is none.
///
/// ```swift
/// let decoder = ImageDecoder([.randomResizedCrop(224), .horizontalFlip(), .normalizeImageNet], layout: .chw)
/// let column = try Column.image("image", from: "jpg", dtype: .float32, decoder: decoder)
/// ```
public struct ImageDecoder: FieldDecoder, Hashable {
  /// What becomes of each image, in this order.
  public var transforms: [ImageTransform] { didSet { findMistake() } }
  /// What a pixel is decoded to, whatever the file has.
  public var channels: ImageChannels { didSet { findMistake() } }
  /// The order of the tensor's values.
  public var layout: ImageLayout
  /// Whether images are turned first as their Exif metadata say; by default they are taken as stored, as Pillow opens
  /// them.
  public var appliesOrientation: Bool
  /// What becomes of a JPEG file that is cut or damaged.
  public var truncation: TruncationPolicy
  /// What is refused before memory is taken for it.
  public var limits: DecodeLimits
  /// How many times as wide and as high as its result a JPEG file must still be when it is decoded at a half, a
  /// quarter or an eighth of its size, to be resized from there; 1 or more. Nil, by default: always at its own.
  ///
  /// As Pillow's `reducing_gap`. It saves a fifth to two fifths of the time where images are that much larger than
  /// their result, and costs exactness: with 2, photographs differed by 0.6 to 0.9 of 255 on average and by 19 at
  /// most, with 1.5 by up to 1.4 and 31. Resizes without antialiasing, or to the nearest pixel, are not touched.
  /// docs/design/0015-jpeg-webp.md has the figures.
  public var reducingGap: Double? { didSet { findMistake() } }
  /// What is wrong with the decoder, as a sentence; found when it is made, so that it is not looked for at each image.
  private var mistake: String?

  /// Describes a decoder; mistakes are reported when a pipeline that uses it is planned.
  public init(
    _ transforms: [ImageTransform] = [], channels: ImageChannels = .rgb, layout: ImageLayout = .hwc,
    appliesOrientation: Bool = false, truncation: TruncationPolicy = .refuse, limits: DecodeLimits = .default,
    reducingGap: Double? = nil
  ) {
    self.transforms = transforms
    self.channels = channels
    self.layout = layout
    self.appliesOrientation = appliesOrientation
    self.truncation = truncation
    self.limits = limits
    self.reducingGap = reducingGap
    findMistake()
  }

  private mutating func findMistake() {
    if let reducingGap, !(reducingGap >= 1) {
      mistake = "A reducingGap of \(reducingGap) would enlarge what was decoded; make it 1 or more, or nil."
    } else {
      mistake = ImageTransform.mistake(in: transforms, channels: channels)
    }
  }

  /// Decodes a file into a tensor of the size that the transforms make of it.
  ///
  /// - Throws: `wrongType` when the tensor has another shape or dtype; `malformedImage`, `limitExceeded` and
  ///   `outOfMemory` as the decoders of the formats; `invalidArgument` where a transform is not possible.
  /// - Complexity: O(bytes + pixels that are decoded + pixels of the tensor).
  public func decode(
    _ bytes: Span<UInt8>, into tensor: consuming MutableTensor, random: inout SampleRandom
  ) throws {
    let file = try EncodedImage(bytes, self)
    let workspace = ImageWorkspacePool.take()
    defer { ImageWorkspacePool.put(workspace) }
    var plan = try plan(file, &random, workspace)
    defer { plan.exchangePasses(&workspace.passes) }
    try workspace.value.run(plan, file, layout: layout, into: tensor)
  }

  /// Decodes a file, transforms the image, and keeps it, in a size of its own.
  ///
  /// - Throws: as `decode(_:into:random:)`; `invalidArgument` where the transforms make no pixels: `normalize`.
  /// - Complexity: O(bytes + pixels that are decoded + pixels of the result).
  public func image(_ bytes: Span<UInt8>, random: inout SampleRandom) throws(HeadraceError) -> Image {
    let file = try EncodedImage(bytes, self)
    let workspace = ImageWorkspacePool.take()
    defer { ImageWorkspacePool.put(workspace) }
    var plan = try plan(file, &random, workspace)
    defer { plan.exchangePasses(&workspace.passes) }
    return try Image(plan, file, workspace)
  }

  /// Draws for a file, and plans, in memory of the workspace.
  private func plan(
    _ file: borrowing EncodedImage, _ random: inout SampleRandom, _ workspace: ImageWorkspacePool.Entry
  ) throws(HeadraceError) -> ImagePlan {
    if let mistake { throw HeadraceError(.invalidArgument, mistake) }
    let (width, height) = (file.header.width, file.header.height)
    let orientation = appliesOrientation ? PixelOrientation(file.header.orientation) : .identity
    var draw = TransformDraw(
      width: orientation.isTransposed ? height : width, height: orientation.isTransposed ? width : height,
      random: random, limits: limits)
    draw.exchangeSteps(&workspace.steps)
    for transform in transforms { try draw.add(transform) }
    random = draw.random
    let plan = ImagePlan(
      width: width, height: height, orientation: orientation, draw.steps, takingMemoryOf: &workspace.passes)
    draw.exchangeSteps(&workspace.steps)
    return plan
  }

  /// What a sample contributes, where the transforms make all images alike.
  ///
  /// - Throws: `invalidPipeline` where they do not, or cannot be.
  public func tensorSpec(_ name: String, _ dtype: DType) throws(HeadraceError) -> TensorSpec {
    guard let size = fixedSize else {
      throw HeadraceError(
        .invalidPipeline,
        "The size of tensor \"\(name)\" follows from no transform of its images; add .resize(width:height:) or a crop,"
          + " or declare the shape that all of them have in a TensorSpec.")
    }
    let spec = TensorSpec(name, dtype, shape: shape(width: size.width, height: size.height))
    try validate(spec)
    return spec
  }

  /// The transforms must be possible, and such that they fill the tensor.
  public func validate(_ tensor: TensorSpec) throws(HeadraceError) {
    func fail(_ message: String) -> HeadraceError { HeadraceError(.invalidPipeline, message) }
    if let mistake { throw fail(mistake) }
    guard tensor.dtype != .uint8 || !transforms.contains(where: \.makesFloats) else {
      throw fail("Tensor \(tensor) cannot hold normalized values; declare it .float32, .float16 or .bfloat16.")
    }
    guard [.uint8, .float32, .float16, .bfloat16].contains(tensor.dtype) else {
      throw fail("Tensor \(tensor) cannot hold images; declare it .uint8, .float32, .float16 or .bfloat16.")
    }
    if let size = fixedSize, tensor.shape != shape(width: size.width, height: size.height),
      channels != .gray || tensor.shape != [size.height, size.width]
    {
      throw fail(
        "Images of tensor \(tensor) become \(size.width)x\(size.height) \(channels); declare the shape"
          + " \(shape(width: size.width, height: size.height)).")
    }
  }

  /// Looks for mistakes where each file becomes an `Image`, as a pipeline does when it is planned.
  ///
  /// - Throws: `invalidPipeline`.
  package func validateForImages() throws(HeadraceError) {
    if let mistake { throw HeadraceError(.invalidPipeline, mistake) }
    try ImageTransform.validateForImages(transforms, channels: channels)
  }

  private func shape(width: Int, height: Int) -> [Int] {
    layout == .hwc ? [height, width, channels.rawValue] : [channels.rawValue, height, width]
  }

  /// The size that the transforms make of every image; nil where it depends on the image.
  private var fixedSize: (width: Int, height: Int)? {
    transforms.reduce(nil) { size, transform in transform.size(after: size) }
  }
}
