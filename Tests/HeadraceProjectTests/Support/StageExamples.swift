import Headrace

/// The examples of the table "All stages" in docs/stages.md: each as it stands there, behind a pipeline that it fits.
enum StageExamples {
  /// Plans each of them.
  static func plan() throws {
    try plan(Pipeline(from: 0..<1000))
    try plan(numbers.map("square", concurrency: 4) { $0 * $0 })
    try plan(texts.map("fetch", concurrency: 32) { try await fetch($0) })
    try plan(texts.compactMap("parse") { Int($0) })
    try plan(numbers.filter("even") { $0 % 2 == 0 })
    try plan(numbers.tap("log") { print($0) })
    try plan(numbers.flatMap("copies") { Array(repeating: $0, count: 3) })
    try plan(texts.flatMap("open", reading: { try ShardSource($0).makeReader(epoch: 0) }))
    try plan(numbers.take(100))
    try plan(numbers.skip(100))
    try plan(numbers.shuffle(size: 1000, seed: 7))
    try plan(numbers.`repeat`(3, name: "passes"))
    try plan(numbers.cache(.memory(bytes: 1 << 30)))
    try plan(numbers.merge(with: other))
    try plan(numbers.zip(with: other, strict: true))
    try plan(numbers.interleave(with: other, .stride(weights: [0.7, 0.3]), stop: .firstExhausted))
    try plan(
      numbers.route(by: { $0 < 9 ? "few" : "many" }, into: .path("few") { $0 }, .path("many") { $0.map { $0 / 9 } }))
    try plan(numbers.batch(32, partial: .drop))
    try plan(numbers.batch(max: 32, within: .milliseconds(5)))
    try plan(texts.batch(max: 16) { $0.count })
    try plan(texts.bucketByLength(boundaries: [64, 256], batchSizes: [32, 8, 2]) { $0.count })
    try plan(numbers.batch(32).unbatch())
    try plan(texts.aggregate("sentences") { Sentences() })
    try plan(numbers.microBatch("score", max: 32, within: .milliseconds(5)) { model($0) })
    try plan(records.decode(from: "png", "jpg", decoder: ImageDecoder([.resizeShorterSide(256)])))
    try plan(records.decode(from: "png").transform("crop", [.randomCrop(width: 224, height: 224)], seed: 7))
    let spec = BatchSpec(size: 8, TensorSpec("x", .int64))
    _ = try PipelinePlan(numbers.batch(spec) { value, row in try row.write(value, to: "x") })
    _ = try PipelinePlan(numbers.batch(4).batch(groups: spec) { value, row in try row.write(value, to: "x") })
  }

  private static let numbers = Pipeline("numbers", from: (0..<9).map(Int64.init))
  private static let other = Pipeline("other", from: (0..<9).map(Int64.init))
  private static let texts = Pipeline("texts", from: ["a", "b"])
  private static let records = Pipeline("records", from: [Record]())

  private static func plan<Element>(_ pipeline: Pipeline<Element>) throws { _ = try PipelinePlan(pipeline) }

  @Sendable private static func fetch(_ name: String) async throws -> String { name }

  @Sendable private static func model(_ inputs: [Int64]) -> [Int64] { inputs }

  private struct Sentences: Aggregator {
    mutating func accumulate(_ word: String) -> [String]? { [word] }
    mutating func flush() -> [String]? { nil }
  }
}
