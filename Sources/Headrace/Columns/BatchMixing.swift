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
    for name in [images] + (labels.map { [$0] } ?? []) {
      let tensor = spec.tensors[try spec.index(of: name)]
      guard tensor.layout == .fixed else { throw fail("rows of tensor \(tensor) may differ in shape") }
      guard [.uint8, .float16, .bfloat16, .float32].contains(tensor.dtype) else {
        throw fail("elements of tensor \(tensor) are no shares; decode classes with Column.oneHot")
      }
    }
    let tensor = spec.tensors[try spec.index(of: images)]
    guard tensor.shape.count == 3 || tensor.shape.count == 2 && layout == .hwc else {
      throw fail("tensor \(tensor) has no height, width and channels")
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
