/// What is to be done to one image, in as few passes as possible.
///
/// Crops, one resize, flips and turns that follow one another are one pass. The first pass reads the file: it begins
/// with what the image has of its own, its orientation.
struct ImagePlan: Hashable {
  private(set) var passes: [ImagePass] = []
  /// `normalize`, if there is one.
  private(set) var normalization: Normalization?
  /// Erased after the values were normalized.
  private(set) var erased: [Erasure] = []
  /// Of the result.
  private(set) var width: Int
  private(set) var height: Int

  struct Normalization: Hashable {
    let mean: [Float]
    let deviation: [Float]
  }

  struct Erasure: Hashable {
    let box: PixelBox
    let value: [Float]
  }

  /// Plans for an image of that size, as it is stored.
  ///
  /// - Parameter orientation: how it is to be laid before the steps.
  init(width: Int, height: Int, orientation: PixelOrientation = .identity, _ steps: [ImageStep]) {
    var none: [ImagePass] = []
    self.init(width: width, height: height, orientation: orientation, steps, takingMemoryOf: &none)
  }

  /// The same in the memory of an empty array.
  init(
    width: Int, height: Int, orientation: PixelOrientation, _ steps: [ImageStep],
    takingMemoryOf none: inout [ImagePass]
  ) {
    var first = Resampling(width: width, height: height)
    first.orient(orientation)
    (self.width, self.height) = (first.width, first.height)
    exchangePasses(&none)
    passes.append(.resample(first))
    for step in steps { add(step) }
  }

  /// Exchanges the passes for others, to give back their memory.
  mutating func exchangePasses(_ others: inout [ImagePass]) { swap(&passes, &others) }

  private mutating func add(_ step: ImageStep) {
    switch step {
    case .crop(let box):
      if case .extend(var pass)? = passes.last {
        pass.crop(box)
        passes[passes.count - 1] = .extend(pass)
      } else {
        resample { $0.crop(box) }
      }
      (width, height) = (box.width, box.height)
    case .resize(let width, let height, let kernel):
      var pass = resampling
      if !pass.resize(width: width, height: height, kernel) {
        pass = Resampling(width: self.width, height: self.height)
        _ = pass.resize(width: width, height: height, kernel)
        passes.append(.resample(pass))
      } else {
        put(pass)
      }
      (self.width, self.height) = (width, height)
    case .flip(let horizontally, let vertically):
      resample { $0.flip(horizontally: horizontally, vertically: vertically) }
    case .turn(let quarterTurns):
      resample { $0.turn(quarterTurns) }
      if quarterTurns != 2 { (width, height) = (height, width) }
    case .pad(let left, let top, let right, let bottom, let mode):
      width += left + right
      height += top + bottom
      passes.append(
        .extend(PixelExtension(box: PixelBox(x: -left, y: -top, width: width, height: height), mode: mode)))
    case .adjust(let adjustment): passes.append(.adjust(adjustment))
    case .blur(let kernelSize, let sigma): passes.append(.blur(kernelSize: kernelSize, sigma: sigma))
    case .erase(let box, let value):
      if normalization == nil {
        passes.append(.erase(box, value: value))
      } else {
        erased.append(Erasure(box: box, value: value))
      }
    case .normalize(let mean, let deviation): normalization = Normalization(mean: mean, deviation: deviation)
    }
  }

  /// The last pass, if it can take a crop, a flip or a turn more; a new one otherwise.
  private var resampling: Resampling {
    if case .resample(let last)? = passes.last { return last }
    return Resampling(width: width, height: height)
  }

  private mutating func resample(_ change: (inout Resampling) -> Void) {
    var pass = resampling
    change(&pass)
    put(pass)
  }

  private mutating func put(_ pass: Resampling) {
    if case .resample? = passes.last {
      passes[passes.count - 1] = .resample(pass)
    } else {
      passes.append(.resample(pass))
    }
  }
}
