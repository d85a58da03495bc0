import Headrace
import HeadraceSystem

/// The process that `headrace-bench start` measures from outside.
enum StartChild {
  enum Job: String {
    /// Take the first batch of a pipeline in a subprocess.
    case firstBatch = "first-batch"
    /// End at once: what starting any process of this program costs.
    case nothing
  }

  /// Does the job, and prints on the monotonic clock, in nanoseconds, when its first batch was there.
  static func run(_ job: Job) throws {
    guard job == .firstBatch else { return }
    let records = GeneratedRecord.all
    let pipeline = Pipeline(from: records).batch(GeneratedRecord.spec(count: records.count)) { record, row in
      try record.decode(&row)
    }
    var batches = try runPipelineInSubprocess(pipeline, slots: 4)
    guard let batch = try batches.next() else { throw NoBatch() }
    let arrival = MonotonicClock.now
    let pixels = try batch.tensor(GeneratedRecord.tensorName, as: UInt8.self)
    guard pixels.count == records.count * GeneratedRecord.byteCount else { throw NoBatch() }
    print(arrival)
  }

  private struct NoBatch: Error, CustomStringConvertible {
    var description: String { "the pipeline ended without the batch that it was to make" }
  }
}
