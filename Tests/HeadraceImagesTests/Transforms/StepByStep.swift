import HeadraceCore

@testable import HeadraceImages

/// Steps done one after the other on whole images, each in the plainest way: what plans are compared with.
struct StepByStep {
  private(set) var image: Image
  private(set) var normalization: ImagePlan.Normalization?

  init(_ image: Image, _ steps: [ImageStep]) {
    self.image = image
    for step in steps { take(step) }
  }

  private mutating func take(_ step: ImageStep) {
    switch step {
    case .crop(let box):
      image = made(box.width, box.height) { x, y in (box.x + x, box.y + y) }
    case .resize(let width, let height, let kernel):
      image = image.resized(
        width: width, height: height, interpolation: kernel.interpolation, antialias: kernel.antialias)
    case .flip(let horizontally, let vertically):
      let (width, height) = (image.width, image.height)
      image = made(width, height) { x, y in
        (horizontally ? width - 1 - x : x, vertically ? height - 1 - y : y)
      }
    case .turn(let quarterTurns):
      for _ in 0..<quarterTurns {
        let width = image.width
        image = made(image.height, width) { x, y in (width - 1 - y, x) }
      }
    case .pad(let left, let top, let right, let bottom, let mode):
      let (width, height) = (image.width, image.height)
      image = made(width + left + right, height + top + bottom, outside: mode) { x, y in (x - left, y - top) }
    case .normalize(let mean, let deviation):
      normalization = ImagePlan.Normalization(mean: mean, deviation: deviation)
    case .adjust, .blur, .erase: preconditionFailure("\(step) has tests of its own")
    }
  }

  private func made(
    _ width: Int, _ height: Int, outside: PaddingMode = .constant(0), _ origin: (Int, Int) -> (Int, Int)
  ) -> Image {
    let size = image.channels.rawValue
    var pixels: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let (column, row) = origin(x, y)
        let (i, j) = (index(column, image.width, outside), index(row, image.height, outside))
        if let i, let j {
          let start = (j * image.width + i) * size
          pixels += image.pixels[start..<(start + size)]
        } else if case .constant(let value) = outside {
          pixels += [UInt8](repeating: value, count: size)
        }
      }
    }
    return Image(width: width, height: height, channels: image.channels, pixels: pixels)
  }

  /// Which pixel of a line stands at a place that may lie outside; nil for a constant.
  private func index(_ place: Int, _ count: Int, _ mode: PaddingMode) -> Int? {
    if (0..<count).contains(place) { return place }
    switch mode {
    case .constant: return nil
    case .edge: return place < 0 ? 0 : count - 1
    case .reflect: return place < 0 ? -place : 2 * (count - 1) - place
    case .symmetric: return place < 0 ? -place - 1 : 2 * count - 1 - place
    }
  }

  /// The values of a tensor of float32.
  func floats(_ layout: ImageLayout) -> [Float] {
    let count = image.channels.rawValue
    let pixels = image.width * image.height
    func value(_ pixel: Int, _ c: Int) -> Float {
      let v = Float(image.pixels[pixel * count + c])
      guard let normalization else { return v * (1 / 255) + 0 }
      let mean = normalization.mean[normalization.mean.count == 1 ? 0 : c]
      let deviation = normalization.deviation[normalization.deviation.count == 1 ? 0 : c]
      return v * (1 / (255 * deviation)) + -mean / deviation
    }
    switch layout {
    case .hwc: return (0..<pixels).flatMap { pixel in (0..<count).map { value(pixel, $0) } }
    case .chw: return (0..<count).flatMap { c in (0..<pixels).map { value($0, c) } }
    }
  }
}
