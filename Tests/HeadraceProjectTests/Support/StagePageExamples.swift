import Headrace

/// The examples of docs/stages.md, docs/errors.md and docs/formats/shards.md, each as it stands there, in a function of
/// its own: that this compiles is a test of the pages. `PagesTests` compares the two.
enum StagePageExamples {
  static func first() throws {
    let spec = BatchSpec(size: 64, TensorSpec("image", .uint8, shape: [8, 8]), TensorSpec("label", .int64))

    let pipeline = Pipeline(from: try ShardSource("Examples/Data/digits-train.tar.zst"))
      .filter("labelled") { $0.has("cls") }
      .shuffle(size: 1000, seed: 7)
      .batch("decode", spec, concurrency: 2, onFailure: .skip(upTo: 10), partial: .drop) { record, row in
        try PNG.decode(try record.bytes("png"), into: try row.tensor("image"))
        try row.write(Int64(try record.integer("cls")), to: "label")
      }
    _ = pipeline
  }

  static func lengths() throws {
    struct Utterance: Sendable {
      var frames: [[Float]]  // 80 numbers each
      var tokens: [Int32]
    }

    let spec = BatchSpec(
      size: 128,
      TensorSpec("mel", .float32, shape: [3000, 80]).padded(to: .multiple(of: 8), maximumByteCount: 64 << 20),
      TensorSpec("tokens", .int32, shape: [512]).ragged())

    let utterances: [Utterance] = []
    let pipeline = Pipeline(from: utterances)
      .bucketByLength(boundaries: [500, 1500], batchSizes: [128, 32, 8]) { $0.frames.count }
      .batch(groups: spec, concurrency: 2, onFailure: .skip(upTo: 10)) { utterance, row in
        // 80 numbers a frame tell how many there are
        try row.write(contentsOf: utterance.frames.flatMap(\.self), to: "mel")
        try row.write(contentsOf: utterance.tokens, to: "tokens")
      }

    func read(_ batch: borrowing Batch) throws {
      let mel = try batch.tensor("mel", as: Float.self)  // batch.shape(of: "mel"): [rows, longest, 80]
      let lengths = try batch.tensor("mel.lengths", as: Int32.self)
      let tokens = try batch.ragged("tokens", as: Int32.self)
      for row in 0..<batch.count { print(mel.count, lengths[row], tokens[row].count) }  // tokens[row]: a Span, no copy
    }
    _ = (pipeline, read)
  }

  static func photographs(_ folder: String) throws -> (BatchPipeline, (borrowing Batch) throws -> Void) {
    let spec = BatchSpec(size: 32, TensorSpec("image", .uint8, shape: [64, 96, 3]))  // height, width, channels

    let pipeline = Pipeline(from: try FolderSource(folder)).batch("decode", spec, concurrency: 2) { record, row in
      let image = try PNG.decode(try record.bytes("png"), channels: .rgb)
      try image.resize(into: try row.tensor("image"))
    }

    func read(_ batch: borrowing Batch) throws {
      let pixels = try batch.tensor("image", as: UInt8.self)  // all rows, one behind the other
      for row in 0..<batch.count {
        let image = pixels.extracting(row * 64 * 96 * 3..<(row + 1) * 64 * 96 * 3)  // a Span, no copy
        print("row \(row) begins with red \(image[0]), green \(image[1]), blue \(image[2])")
      }
    }
    return (pipeline, read)
  }

  static func paddedPhotographs(_ folder: String) throws -> (BatchPipeline, (borrowing Batch) throws -> Void) {
    let spec = BatchSpec(
      size: 32,
      TensorSpec("image", .uint8, shape: [1080, 1920, 3]).padded(dimensions: [0, 1], maximumByteCount: 64 << 20))

    let pipeline = Pipeline(from: try FolderSource(folder)).batch("decode", spec, concurrency: 2) { record, row in
      let bytes = try record.bytes("png")
      let header = try PNG.header(of: bytes)
      try PNG.decode(bytes, into: try row.tensor("image", shape: [header.height, header.width, 3]))
    }

    func read(_ batch: borrowing Batch) throws {
      let pixels = try batch.tensor("image", as: UInt8.self)
      let shape = try batch.shape(of: "image")  // [rows, height of the tallest, width of the widest, 3]
      let lengths = try batch.tensor("image.lengths", as: Int32.self)  // [rows, 2]: height and width of each
      for row in 0..<batch.count {
        let height = Int(lengths[2 * row])
        let width = Int(lengths[2 * row + 1])
        for line in 0..<height {
          let start = (row * shape[1] + line) * shape[2] * 3
          let image = pixels.extracting(start..<start + width * 3)  // a line of the image, without what is to its right
          if line == 0 { print("row \(row) is \(width)x\(height) and begins with red \(image[0])") }
        }
      }
    }
    return (pipeline, read)
  }

  static func columns(_ folder: String) throws -> BatchPipeline {
    let images = ImageDecoder([.randomResizedCrop(224), .horizontalFlip(), .normalizeImageNet], layout: .chw)
    let pipeline = Pipeline(from: try FolderSource(folder, extensions: ["png", "jpg"])).batch(
      size: 64,
      columns: [
        try .image("image", from: "png", "jpg", dtype: .float32, decoder: images),  // [3, 224, 224]
        .integer("label", from: "cls"),
      ], seed: 7, concurrency: 2)
    return pipeline
  }

  static func mixing(_ records: Pipeline<Record>, _ images: ImageDecoder) throws {
    let mixed = records.batch(
      size: 64,
      columns: [
        try .image("image", from: "png", "jpg", dtype: .float32, decoder: images),  // [3, 224, 224]
        .oneHot("label", from: "cls", classes: 1000),  // float32, [1000]
      ], seed: 7, concurrency: 2
    ).mixing(.mixUp(alpha: 0.2), .cutMix(), probability: 0.5, images: "image", layout: .chw, labels: "label", seed: 7)
    _ = mixed
  }

  struct BytesDecoder: FieldDecoder {
    func decode(_ bytes: Span<UInt8>, into tensor: consuming MutableTensor, random: inout SampleRandom) throws {
      var tensor = tensor
      var elements = try tensor.elements(as: UInt8.self)
      for i in elements.indices { elements[i] = i < bytes.count ? bytes[i] : 0 }
    }
  }

  static func lines() throws {
    let records = Pipeline(from: try ShardSource("Examples/Data/digits-train.tar.zst"))
    let labelled = records.filter("labelled") { (record: Record) -> Bool in record.has("cls") }
    let images = labelled.map("decode") { (record: Record) throws -> Image in
      try PNG.decode(try record.bytes("png"), channels: .gray)
    }
    _ = images
  }

  static func copiedPixels(_ decoded: Pipeline<Image>) throws {
    let pipeline = decoded.batch("collate", BatchSpec(size: 32, TensorSpec("image", .uint8, shape: [64, 96, 3]))) {
      image, row in try row.write(contentsOf: image.pixels, to: "image")
    }
    _ = pipeline
  }

  static func severalPipelines() throws {
    let images = Pipeline("images", from: try ShardSource("images.tar")).map("example") { try Example(image: $0) }
    let texts = Pipeline("texts", from: try ShardSource("texts.tar")).map("parse") { try Example(text: $0) }
    let mixture = Pipeline.interleaving([images, texts], .stride(weights: [0.7, 0.3]), stop: .firstExhausted)
    _ = mixture
  }

  static func routes() throws {
    let examples = Pipeline(from: try ShardSource("mixed.tar")).route(
      by: { try $0.text("kind") },
      into: .path("image") { $0.map("decode", concurrency: 8) { try Example(image: $0) } },
      .path("text") { $0.filter("long") { $0.has("body") }.map("tokenize") { try Example(text: $0) } })
    _ = examples
  }

  static func samplesThatAreKept() throws {
    let decoded = Pipeline(from: try ShardSource("Examples/Data/digits-train.tar.zst"))
      .map("decode", concurrency: 2) { try PNG.decode(try $0.bytes("png"), channels: .gray) }
      .cache(.memory(bytes: 1 << 30))
      .shuffle(size: 1000, seed: 7)
    _ = decoded
  }

  static func aTypeOfOnesOwn() throws {
    struct Scene: Sendable, Storable, ByteCountable {
      var image: Image
      var label: Int32

      init(image: Image, label: Int32) {
        self.image = image
        self.label = label
      }

      // One part behind the other; those of Headrace, numbers, texts and arrays of these are parts.
      func store(into bytes: inout [UInt8]) throws {
        try StoredParts.append(image, to: &bytes)
        try StoredParts.append(label, to: &bytes)
      }

      // In the same order. It may throw, and must not trap: a file can be damaged.
      init(storedBytes: Span<UInt8>) throws {
        var parts = StoredParts(storedBytes)
        image = try parts.next()
        label = try parts.next()
      }

      // What weighs: the pixels, not the fields.
      var byteCount: Int { image.byteCount }
    }

    let scenes = Pipeline(from: try ShardSource("Examples/Data/digits-train.tar.zst"))
      .map("decode", concurrency: 2) { record in
        Scene(
          image: try PNG.decode(try record.bytes("png"), channels: .gray), label: Int32(try record.integer("cls")))
      }
      .cache(.disk(path: "scenes.cache"))
    _ = scenes
  }

  static func whenASampleFails() throws {
    let fetched = Pipeline(from: ["a", "b"])
      .map(
        "fetch", concurrency: 32,
        onFailure: .retry(times: 3, backoff: .milliseconds(50), then: .skip(fraction: 0.01)),
        options: .timeout(.seconds(5))
      ) { name in try await fetch(name) }
      .limits(failures: 100)
    _ = fetched
  }

  static func automaticConcurrency() throws {
    let pipeline = Pipeline(from: 0..<1_000_000)
      .map("read", concurrency: .automatic) { try await store.read($0) }  // answers after 20 ms
      .map("decode", concurrency: .automatic) { try decode($0) }  // computes for 1 ms
      .batch("collate", spec) { sample, row in try row.write(sample, to: "x") }

    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4)
    while let batch = try batches.next() { train(batch) }  // ten samples, 20 ms
    print(batches.decisions.map(\.description).joined(separator: "\n"))
    print(batches.frozenTuning)
  }

  static func epochs() throws {
    var elements = try Pipeline(from: 0..<1000).shuffle(size: 100, seed: 7).map { 2 * $0 }.run(threads: 2, epochs: 3)
    for _ in 0..<3 {
      while let element = try elements.next() { print(element) }  // nil: the epoch is over
    }
  }

  static func statistics(_ elements: borrowing Elements<Int>) throws {
    let earlier = elements.statistics()
    // ... some time later
    let interval = elements.statistics().since(earlier)
    print(StatisticsTable(interval))  // tables, and what limits the loader
    print(StatisticsLog(interval))  // two lines for each stage
    print(PrometheusText(elements.statistics(), waitSeconds: elements.waitSeconds))
  }

  static func hooks(_ decoded: Pipeline<Image>) throws {
    let elements = try decoded.run(
      hooks: RunHooks(task: { event in
        if case .ended(.failed(let error), let taken) = event.phase { print(event.stage, event.position, taken, error) }
      }),
      reporting: .every(.seconds(60)) { print($0) })  // two lines for each stage, of the last minute alone
    _ = elements
  }

  static func profile(_ decoded: Pipeline<Image>) throws {
    print(try decoded.profile(items: 1_000, concurrencies: [1, 2, 4]))
  }

  // MARK: Other pages

  static func catching(_ batches: inout Batches) throws(HeadraceError) {
    var isOver = false
    while !isOver {
      do {
        while let batch = try batches.next() { train(batch) }
        isOver = !batches.hasFurtherEpoch
      } catch {
        switch error.code {
        case .epochLost: print("goes on with the next epoch: \(error)")
        case .workerDied: throw error
        default:
          print(error.code, error.stage ?? "no stage", error.sample?.key ?? "no sample", error.message)
          isOver = true
        }
      }
    }
  }

  static func records() throws {
    let shards = Pipeline(from: try ShardSource("/data/train-{000000..000099}.tar.zst"))
    let folder = Pipeline(from: try FolderSource("/data/train", extensions: ["png", "jpg"]))

    let names = shards.map("names") { record in "\(record.sampleID.key) in \(record.sampleID.path ?? "no file")" }
    _ = (folder, names)
  }

  // MARK: What the examples take for granted

  struct Example: Sendable {
    init(image: Record) throws {}
    init(text: Record) throws {}
  }

  private struct Store: Sendable {
    func read(_ number: Int) async throws -> [UInt8] { [] }
  }

  private static let store = Store()
  private static let spec = BatchSpec(size: 64, TensorSpec("x", .int64))

  @Sendable private static func fetch(_ name: String) async throws -> String { name }
  @Sendable private static func decode(_ bytes: [UInt8]) throws -> Int64 { Int64(bytes.count) }
  private static func train(_ batch: borrowing Batch) {}
}
