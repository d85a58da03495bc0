import Headrace
import HeadraceAllocations
import HeadraceSystem

/// One way to run the three stages.
struct EngineTrial {
  let concurrency: Int
  let ordering: Ordering
  let threads: Int

  var orderingName: String { ordering == .input ? "input" : "completion" }

  static let all: [EngineTrial] = [1, 2].flatMap { concurrency in
    [Ordering.input, .completion].flatMap { ordering in
      [1, 2].map { EngineTrial(concurrency: concurrency, ordering: ordering, threads: $0) }
    }
  }

  /// What a run came to.
  struct Rate {
    var itemsPerSecond: Double
    /// CPU time of the whole process per item: hardly changes when the machine has other work.
    var cpuNanosecondsPerItem: Double
    /// Allocations of the whole process per item.
    var allocationsPerItem: Double
  }

  /// The rate of a run once it is warm.
  ///
  /// - Parameters:
  ///   - seconds: how long to measure, after a fifth as much of warm-up.
  ///   - stageCount: stages between source and batch.
  func measure(seconds: Double, stageCount: Int = EngineWork.stageCount) throws -> Rate {
    let spec = BatchSpec(size: EngineWork.batchSize, TensorSpec("x", .int64))
    var stages = Pipeline(from: 0..<Int.max)
    for number in 0..<stageCount {
      stages = stages.map(
        "stage \(number)", concurrency: .fixed(concurrency), ordering: ordering, EngineWork.stages[number % 3])
    }
    let pipeline = stages.batch(spec, ordering: ordering) { value, row in try row.write(Int64(value), to: "x") }
    let plan = try PipelinePlan(pipeline)
    let sink = MemorySink(byteCount: plan.payloadByteCount)
    let run = try PipelineRun(plan, sink: sink, threads: threads)
    let rest = try EventSignal()
    let signal = Rest(rest)
    run.start(epoch: 0, onEnd: { _ in }, onRest: { signal.event.signal() })
    // A rate begins at a batch, and on a busy machine the first may not be there yet.
    for _ in 0..<20 where sink.count.batches == 0 { Self.sleep(seconds / 5) }
    let before = sink.count
    AllocationCounter.start()
    let cpuBefore = ResourceUsage.current.cpuNanoseconds
    Self.sleep(seconds)
    let after = sink.count
    let cpu = ResourceUsage.current.cpuNanoseconds - cpuBefore
    let allocations = AllocationCounter.stop().allocations
    run.stop()
    _ = Poll.wait(signal.event.descriptor.number)
    // From the last batch before to the last batch after: no batch counts in part.
    guard before.batches > 0, after.nanoseconds > before.nanoseconds else {
      return Rate(itemsPerSecond: 0, cpuNanosecondsPerItem: .nan, allocationsPerItem: .nan)
    }
    let items = Double((after.batches - before.batches) * EngineWork.batchSize)
    return Rate(
      itemsPerSecond: items / Double(after.nanoseconds - before.nanoseconds) * 1e9,
      cpuNanosecondsPerItem: Double(cpu) / items, allocationsPerItem: Double(allocations) / items)
  }

  /// Lets the closure that ends a run share the signal.
  private final class Rest: Sendable {
    let event: EventSignal
    init(_ event: consuming EventSignal) { self.event = event }
  }

  private static func sleep(_ seconds: Double) {
    _ = Poll.wait(-1, until: MonotonicClock.now + UInt64(seconds * 1e9))
  }
}
