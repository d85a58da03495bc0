import Headrace

/// Images with all augmentations on: `columns THREADS WORKERS CONCURRENCY`, no workers for a loader of one process.
/// Prints a digest of each epoch's batches, and how many of the first epoch's rows differ from the second's.
enum ColumnScenarios {
  static func run(_ scenario: Scenario) throws {
    let workers = scenario.number(1)
    var batches = try runPipelineInSubprocess(
      try pipeline(concurrency: scenario.number(2, 1)), threads: scenario.number(0, 1),
      workers: workers == 0 ? nil : workers, slots: 4, epochs: 2)
    var labels: [[Int64]] = []
    for _ in 0..<2 {
      var digest = UInt64(0xcbf2_9ce4_8422_2325)
      var epoch: [Int64] = []
      while let batch = try batches.next() {
        let floats = try batch.tensor("image", as: Float.self)
        for i in floats.indices { digest = (digest ^ UInt64(floats[i].bitPattern)) &* 0x100_0000_01b3 }
        let pixels = try batch.tensor("view", as: UInt8.self)
        for i in pixels.indices { digest = (digest ^ UInt64(pixels[i])) &* 0x100_0000_01b3 }
        let shares = try batch.tensor("shares", as: Float.self)
        for i in shares.indices { digest = (digest ^ UInt64(shares[i].bitPattern)) &* 0x100_0000_01b3 }
        let values = try batch.tensor("label", as: Int64.self)
        for i in values.indices { epoch.append(values[i]) }
      }
      emit("digest", digest)
      labels.append(epoch)
    }
    emit("in_order", labels[0] == labels[1] && labels[0] == Array(0..<Int64(count)))
  }

  private static let count = 40

  private static func pipeline(concurrency: Int) throws -> BatchPipeline {
    let images = ImageDecoder(
      [
        .randomCrop(width: 40, height: 40, padding: 8, mode: .reflect), .randomResizedCrop(24), .horizontalFlip(),
        .verticalFlip(), .randomQuarterTurn, .colorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1),
        .grayscale(probability: 0.2), .gaussianBlur(kernelSize: 3), .normalizeImageNet,
        .randomErasing(value: [0.5]),
      ], layout: .chw)
    let view = ImageDecoder([.randomResizedCrop(width: 16, height: 8, interpolation: .bicubic)])
    let columns: [Column] = [
      try .image("image", from: "jpg", "png", dtype: .float32, decoder: images),
      try .image("view", from: "png", decoder: view, stream: 1), .integer("label", from: "cls"),
      .oneHot("shares", from: "cls", classes: count),
    ]
    let records = Pipeline(from: 0..<count).map("make") { number, context in
      var random = context.random(seed: 9)
      let (width, height) = (40 + random.number(below: 20), 40 + random.number(below: 20))
      let pixels = (0..<(width * height * 3)).map { UInt8(truncatingIfNeeded: $0 &* (number + 3) >> 2) }
      let image = Image(width: width, height: height, channels: .rgb, pixels: pixels)
      return Record(
        sampleID: SampleID(key: "\(number)"),
        fields: [("png", try PNG.encode(image, compression: 1)), ("cls", Array("\(number)\n".utf8))])
    }
    return records.batch(size: 8, columns: columns, seed: 5, concurrency: .fixed(concurrency))
      .mixing(.mixUp(alpha: 0.4), .cutMix(), images: "image", layout: .chw, labels: "shares", seed: 5)
  }

  /// Images of one value each, which is their class, mixed: `mixing WAY`. Prints how many rows were mixed of how many,
  /// and how far the mean of a row's pixels is at most from the mean of its classes by their shares.
  static func mix(_ scenario: Scenario) throws {
    let way: ImageMixing = scenario.arguments[0] == "mixUp" ? .mixUp(alpha: 0.5) : .cutMix()
    let records = Pipeline(from: 0..<count).map("make") { number in
      let image = Image(
        width: 9, height: 7, channels: .gray, pixels: [UInt8](repeating: UInt8(number * 6), count: 9 * 7))
      return Record(
        sampleID: SampleID(key: "\(number)"),
        fields: [("png", try PNG.encode(image, compression: 1)), ("cls", Array("\(number)".utf8))])
    }
    let columns: [Column] = [
      Column(
        TensorSpec("image", .float32, shape: [1, 7, 9]), from: "png",
        decoder: ImageDecoder(channels: .gray, layout: .chw)),
      .oneHot("shares", from: "cls", classes: count),
    ]
    let pipeline = records.batch(size: 8, columns: columns, concurrency: 2)
      .mixing(way, images: "image", layout: .chw, labels: "shares", seed: 3)
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, epochs: 3)
    var (rows, mixed) = (0, 0)
    var worst = 0.0
    for _ in 0..<3 {
      while let batch = try batches.next() {
        let pixels = try batch.tensor("image", as: Float.self)
        let shares = try batch.tensor("shares", as: Float.self)
        for row in 0..<batch.count {
          let mean = (0..<63).reduce(0.0) { $0 + Double(pixels[row * 63 + $1]) * 255 } / 63
          let classes = (0..<count).filter { shares[row * count + $0] > 0 }
          let expected = classes.reduce(0.0) { $0 + Double(shares[row * count + $1]) * Double($1 * 6) }
          worst = max(worst, abs(mean - expected))
          if classes.count == 2 { mixed += 1 }
          rows += 1
        }
      }
    }
    emit("rows", rows)
    emit("mixed", mixed)
    emit("worst", worst)
  }
}
