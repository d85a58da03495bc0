import Headrace

/// The digits of one shard as a stream of batches, decoded by a worker process: all that this program asks of Headrace.
struct DigitsLoader: ~Copyable {
  /// Steps that the headspace is measured over; the first half with data as it comes, the other half from memory.
  private static let headspaceSteps = 400

  private var batches: Batches

  /// Time spent waiting for batches since the start, over all epochs.
  var waiting: Duration { .seconds(batches.waitSeconds) }

  /// Forks the worker; it begins with the first epoch at once, while this process goes on.
  init(_ shard: String, _ options: Options) throws {
    let spec = BatchSpec(size: options.batch, TensorSpec("image", .uint8, shape: [8, 8]), TensorSpec("label", .int64))
    let pipeline = Pipeline(from: try ShardSource(shard))
      // Input order makes a run repeatable: the same seed gives the same accuracy with any number of threads.
      .batch("decode", spec, concurrency: .fixed(options.threads), ordering: .input, partial: .emit) { record, row in
        try PNG.decode(try record.bytes("png"), into: try row.tensor("image"))
        try row.write(Int64(try record.integer("cls")), to: "label")
      }
    batches = try runPipelineInSubprocess(pipeline, threads: options.threads, slots: 8)
  }

  /// One epoch: pixels, labels, and the time spent waiting so far. Both spans are views of the worker's memory.
  mutating func forEachBatch(_ body: (Span<UInt8>, Span<Int64>, Duration) throws -> Void) throws {
    while let batch = try batches.next() {
      try body(try batch.tensor("image", as: UInt8.self), try batch.tensor("label", as: Int64.self), waiting)
    }
  }

  /// What each stage did, as a table.
  func statistics() -> StatisticsTable { StatisticsTable(batches.statistics()) }

  /// Goes on with `step` while the data comes from memory instead, and tells in one line what loading costs.
  consuming func headspace(_ step: (Span<UInt8>, Span<Int64>) throws -> Void) throws -> String {
    var cached = try CacheLoader(batches, numCaches: 10, returnCachesAfter: Self.headspaceSteps / 2)
    for _ in 0..<Self.headspaceSteps {
      guard let batch = try cached.next() else { continue }  // the end of an epoch
      try step(try batch.tensor("image", as: UInt8.self), try batch.tensor("label", as: Int64.self))
    }
    guard let report = cached.headspaceReport() else { return "headspace: too few steps to tell" }
    return "\(report)"
  }
}
