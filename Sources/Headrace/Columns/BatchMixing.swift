import HeadraceCore
import HeadraceImages
import HeadracePipeline

/// What `BatchPipeline.mixing` does to a batch.
struct BatchMixing: Sendable {
  let ways: [ImageMixing]
  let probability: Double
  let images: String
  let layout: ImageLayout
  let labels: String?
  let seed: UInt64

  func validate(_ spec: BatchSpec) throws(HeadraceError) {
    func fail(_ what: String) -> HeadraceError { HeadraceError(.invalidPipeline, "Mixing is not possible: \(what).") }
    guard !ways.isEmpty else { throw fail("no way is given; give .mixUp() or .cutMix()") }
    for way in ways {
      if let mistake = way.mistake { throw fail("of \(way), \(mistake)") }
    }
    guard probability >= 0, probability <= 1 else { throw fail("probability is \(probability), and must be 0 to 1") }
    guard labels != images else { throw fail("images and labels are both \"\(images)\"") }
    let image = try tensor(images, of: [.uint8, .float16, .bfloat16, .float32], in: spec)
    guard image.shape.count == 2 || image.shape.count == 3 else {
      throw fail("tensor \(image) has no height, width and channels")
    }
    let channels = layout.extents(of: image.shape).channels
    guard ImageChannels(rawValue: channels) != nil else {
      let other: ImageLayout = layout == .hwc ? .chw : .hwc
      throw fail("as .\(layout), tensor \(image) has \(channels) channels; say layout: .\(other)")
    }
    // Of whole numbers, shares of a class would be all of it or nothing.
    if let labels { _ = try tensor(labels, of: [.float16, .bfloat16, .float32], in: spec) }

    func tensor(
      _ name: String, of types: [DType], in spec: BatchSpec
    ) throws(HeadraceError) -> TensorSpec {
      let tensor = spec.tensors[try spec.index(of: name)]
      guard tensor.layout == .fixed else { throw fail("rows of tensor \(tensor) may differ in shape") }
      guard types.contains(tensor.dtype) else {
        throw fail("elements of tensor \(tensor) are no shares; decode classes with Column.oneHot, images to numbers")
      }
      return tensor
    }
  }

  func run(_ batch: inout FilledBatch) throws(HeadraceError) {
    // Not what a sample of the stage draws from.
    var random = batch.context.random(seed: seed ^ 0x6d69_785f_6261_7463)
    guard random.chance(probability) else { return }
    let way = ways[random.number(below: ways.count)]
    let spec = try batch.spec(images)
    let (height, width, _) = layout.extents(of: spec.shape)
    let draw = MixDraw(way, width: width, height: height, random: &random)
    var imageRows = try batch.rows(images)
    try draw.apply(to: &imageRows, spec, layout: layout)
    guard let labels else { return }
    let labelSpec = try batch.spec(labels)
    var labelRows = try batch.rows(labels)
    try draw.applyShare(to: &labelRows, labelSpec)
  }
}
