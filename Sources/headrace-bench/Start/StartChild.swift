import Headrace
import HeadraceSystem

/// The process that `headrace-bench start` measures from outside.
enum StartChild {
  /// Takes the first batch of a shard and prints on the monotonic clock, in nanoseconds, when it was there.
  ///
  /// - Parameter shard: nil: ends at once, which is what starting any process of this program costs.
  static func run(shard: String?) throws {
    guard let shard else { return }
    var batches = try runPipelineInSubprocess(StartPipeline(shard: shard), slots: 4)
    guard let batch = try batches.next(), batch.count == StartShard.spec.size else { throw StartPipeline.NoBatch() }
    print(MonotonicClock.now)
  }
}
