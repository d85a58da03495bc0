import Headrace

/// Rows of different lengths: from a worker, through the ring, to whoever reads them.
enum RaggedScenarios {
  /// A sentence of so many tokens, each of which tells the sentence and its place.
  private static func tokens(_ number: Int) -> [Int32] {
    (0..<(number * 7 % 12)).map { Int32(number * 100 + $0) }
  }

  private static func frames(_ number: Int) -> [Float] {
    (0..<(2 * (number * 5 % 4))).map { Float(number) + Float($0) / 8 }
  }

  private static let tensors = [
    TensorSpec("x", .int32), TensorSpec("tokens", .int32, shape: [11]).padded(to: .multiple(of: 4), with: -100),
    TensorSpec("frames", .float32, shape: [3, 2]).ragged(),
    TensorSpec("text", .int32, shape: [11]).padded(to: .maximum, with: -1, validity: .mask),
  ]

  @Sendable private static func write(_ number: Int, _ row: inout Row) throws {
    try row.write(Int32(number), to: "x")
    try row.write(contentsOf: tokens(number), to: "tokens")
    try row.write(contentsOf: frames(number), to: "frames")
    try row.write(contentsOf: tokens(number), to: "text")
    if number % 13 == 4 { throw Mishap(description: "bad \(number)") }
  }

  /// Two epochs of 100 sentences, a few of which fail: `ragged PLACEMENT`.
  static func batches(_ scenario: Scenario) throws {
    let pipeline = Pipeline(from: 0..<100)
      .batch(
        "fill", BatchSpec(size: 8, tensors: tensors), concurrency: 3, onFailure: .skip(upTo: 20), partial: .pad, write)
    try read(pipeline, scenario.placement(0))
  }

  /// The same in buckets, each with a size of its own: `ragged-groups PLACEMENT`.
  static func groups(_ scenario: Scenario) throws {
    let pipeline = Pipeline(from: 0..<100)
      .bucketByLength(boundaries: [4, 8], batchSizes: [8, 5, 3]) { tokens($0).count }
      .batch("fill", groups: BatchSpec(size: 8, tensors: tensors), concurrency: 3, onFailure: .skip(upTo: 20), write)
    try read(pipeline, scenario.placement(0))
  }

  private static func read(_ pipeline: BatchPipeline, _ placement: Placement) throws {
    var batches = try runPipelineInSubprocess(pipeline, threads: 3, slots: 3, epochs: 2, placement: placement)
    var copies: [(copy: BatchCopy, samples: [Int])] = []
    for _ in 0..<2 {
      var samples: [Int] = []
      var rows: [Int] = []
      while let batch = try batches.next() {
        let numbers = try check(batch)
        samples += numbers
        rows.append(batch.rowCount)
        if copies.count < 5 { copies.append((try BatchCopy(batch), numbers)) }
      }
      emit("samples", samples.sorted() == (0..<100).filter { $0 % 13 != 4 })
      emit("rows", rows)
    }
    for (copy, numbers) in copies where try check(Batch(copy)) != numbers { emit("wrong", "copy") }
    emit("failures", batches.takeFailures().count)
    emit("copied", batches.workerUsage.copiedByteCount > 0)
  }

  /// The samples of a batch; says what is wrong with it.
  private static func check(_ batch: borrowing Batch) throws -> [Int] {
    let x = try batch.tensor("x", as: Int32.self)
    let padded = try batch.tensor("tokens", as: Int32.self)
    let lengths = try batch.tensor("tokens.lengths", as: Int32.self)
    let frames = try batch.ragged("frames", as: Float.self)
    let text = try batch.tensor("text", as: Int32.self)
    let mask = try batch.tensor("text.mask", as: Bool.self)
    let width = try batch.shape(of: "tokens")[1]
    let numbers = (0..<batch.count).map { Int(x[$0]) }
    let longest = numbers.map { tokens($0).count }.max() ?? 0
    if width != (longest + 3) / 4 * 4 { emit("wrong", "width \(width) for \(longest)") }
    if frames.count != batch.rowCount { emit("wrong", "\(frames.count) rows of frames") }
    for row in 0..<batch.rowCount {
      let sentence = row < batch.count ? tokens(numbers[row]) : []
      let expected = row < batch.count ? self.frames(numbers[row]) : []
      if lengths[row] != sentence.count { emit("wrong", "length of row \(row)") }
      for place in 0..<width where padded[row * width + place] != (place < sentence.count ? sentence[place] : -100) {
        emit("wrong", "token \(place) of row \(row)")
      }
      for place in 0..<11 {
        // A row that no sample has is padding as a whole.
        if text[row * 11 + place] != (place < sentence.count ? sentence[place] : -1) {
          emit("wrong", "text of row \(row)")
        }
        if mask[row * 11 + place] != (place < sentence.count) { emit("wrong", "mask of row \(row)") }
      }
      let values = frames[row]
      if values.count != expected.count { emit("wrong", "frames of row \(row)") }
      for place in values.indices where values[place] != expected[place] { emit("wrong", "frame of row \(row)") }
    }
    return numbers
  }

  /// What does not fit: `ragged-limits`.
  static func limits(_ scenario: Scenario) throws {
    func attempt(_ key: String, _ tensor: TensorSpec, slotByteCount: Int? = nil) throws {
      let pipeline = Pipeline(from: 0..<8).batch("fill", BatchSpec(size: 4, tensor)) { number, row in
        try row.write(contentsOf: Array(repeating: UInt8(number), count: 10 * number), to: "x")
      }
      do throws(HeadraceError) {
        var batches = try runPipelineInSubprocess(
          pipeline, threads: 1, slots: 2, slotByteCount: slotByteCount, epochs: 1)
        var rows: [Int] = []
        do throws(HeadraceError) {
          while let batch = try batches.next() { rows.append(batch.rowCount) }
          emit(key, rows)
        } catch {
          emit(
            key,
            "after \(rows) \(error.code): \(error.message) stage \(error.stage ?? "-") sample"
              + " \(error.sample?.key ?? "-")"
          )
        }
      } catch {
        emit(key, "before \(error.code): \(error.message)")
      }
    }
    let x = TensorSpec("x", .uint8, shape: [70])
    try attempt("fits", x.ragged())
    try attempt("row", TensorSpec("x", .uint8, shape: [60]).ragged())
    try attempt("batch", x.ragged(maximumByteCount: 219))
    try attempt("slot", x.padded(), slotByteCount: 100)
    try attempt("no-row", x.padded(maximumByteCount: 69))
  }
}
