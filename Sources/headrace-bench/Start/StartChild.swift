import Headrace
import HeadraceSystem

/// The process that `headrace-bench start` measures from outside.
enum StartChild {
  /// Takes the first batch of a shard and prints on the monotonic clock, in nanoseconds, when it was there.
  ///
  /// - Parameter shard: nil: ends at once, which is what starting any process of this program costs.
  static func run(shard: String?) throws {
    guard let shard else { return }
    let pipeline = Pipeline(from: try ShardSource(shard)).batch(StartShard.spec) { record, row in
      try PNG.decode(try record.bytes(StartShard.field), into: try row.tensor("image"))
    }
    var batches = try runPipelineInSubprocess(pipeline, slots: 4)
    guard let batch = try batches.next(), batch.count == StartShard.spec.size else { throw NoBatch() }
    print(MonotonicClock.now)
  }

  private struct NoBatch: Error, CustomStringConvertible {
    var description: String { "the pipeline ended without the batch that it was to make" }
  }
}
