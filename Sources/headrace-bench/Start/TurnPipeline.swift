import Headrace
import HeadraceSystem

/// The pipeline whose epochs `headrace-bench start` turns: numbers that cost next to nothing, so that what passes
/// between two epochs is the turn and not the work of the next one.
struct TurnPipeline: PipelineFactory {
  private static let batchSize = 64
  /// Batches of an epoch, twice the slots: the worker cannot have finished an epoch long before its reader.
  private static let batchCount = 8
  static let slots = 4

  func makePipeline() throws -> BatchPipeline {
    Pipeline(from: 0..<Self.batchSize * Self.batchCount)
      .batch(BatchSpec(size: Self.batchSize, TensorSpec("x", .int64))) { number, row in
        try row.write(Int64(number), to: "x")
      }
  }

  /// Goes through `count + 1` epochs of one loader.
  ///
  /// - Returns: For each epoch but the first, nanoseconds from the last batch of the epoch before to its own first one.
  /// - Throws: The loader's errors; `WrongEpoch` where an epoch had not all its batches.
  static func measureTurns(_ count: Int) throws -> [UInt64] {
    var batches = try runPipelineInSubprocess(TurnPipeline(), slots: slots)
    var turns: [UInt64] = []
    var last: UInt64?
    for epoch in 0...count {
      var taken = 0
      while let batch = try batches.next() {
        let now = MonotonicClock.now
        if taken == 0, let last { turns.append(now - last) }
        guard batch.epoch == epoch else { throw WrongEpoch(epoch: epoch, count: taken) }
        taken += 1
        last = now
      }
      guard taken == batchCount else { throw WrongEpoch(epoch: epoch, count: taken) }
    }
    return turns
  }

  struct WrongEpoch: Error, CustomStringConvertible {
    let epoch: Int
    let count: Int
    var description: String { "epoch \(epoch) of the loader whose epochs are turned had \(count) batches of its own" }
  }
}
