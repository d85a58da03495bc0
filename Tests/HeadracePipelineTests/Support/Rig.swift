import HeadraceCore
import HeadracePipeline
import HeadraceSystem
import Synchronization

/// A run with its sink and observer.
final class Rig: Sendable {
  /// One epoch that was started.
  final class Epoch: Sendable {
    let ended = Tally()
    let rested = Tally()
    fileprivate let outcomes = Mutex<[RunOutcome]>([])
    fileprivate let claimedAtRest = Mutex(-1)

    /// Waits until the epoch is at rest.
    func outcome() -> RunOutcome {
      ended.wait(for: 1)
      rested.wait(for: 1)
      return outcomes.withLock { $0[0] }
    }

    /// Buffers that nobody had given up when `onRest` came.
    var unpublishedAtRest: Int { claimedAtRest.withLock { $0 } }
  }

  let sink: MemorySink
  let run: PipelineRun
  let observer = Recorder()

  init(
    _ pipeline: BatchPipeline, threads: Int = 2, buffers: Int = 3, returning: MemorySink.Return = .later,
    transport: (PipelinePlan) -> (any CallTransport)? = { _ in nil }
  ) throws {
    let plan = try PipelinePlan(pipeline)
    sink = MemorySink(plan, buffers: buffers, returning: returning)
    run = try PipelineRun(plan, sink: sink, threads: threads, transport: transport(plan), observer: observer)
    sink.attach(run)
  }

  deinit { sink.detach() }

  func start(epoch number: Int = 0) -> Epoch {
    let epoch = Epoch()
    run.start(
      epoch: number,
      onEnd: { outcome in
        epoch.outcomes.withLock { $0.append(outcome) }
        epoch.ended.add()
      },
      onRest: { [sink] in
        epoch.claimedAtRest.withLock { $0 = sink.claimedCount }
        epoch.rested.add()
      })
    return epoch
  }

  /// Runs an epoch from start to rest.
  func epoch(_ number: Int = 0) -> RunOutcome { start(epoch: number).outcome() }

  /// Values of the tensor `x` in all batches, in order.
  var values: [Int64] { batches.flatMap(\.self) }
  /// Values of the tensor `x`, by batch.
  var batches: [[Int64]] { sink.delivered.map { $0.elements("x", as: Int64.self) } }
  var positions: [[UInt64]] { sink.delivered.map(\.positions) }
}

/// What a closure of a test throws.
struct Mishap: Error, CustomStringConvertible {
  var description: String { "it went wrong" }
}

/// A number that has a name.
struct Named: SampleIdentifiable, Sendable {
  let number: Int
  var sampleID: SampleID { SampleID(key: "n\(number)") }
}

/// Batches with one number per sample.
func numbers(_ size: Int) -> BatchSpec { BatchSpec(size: size, TensorSpec("x", .int64)) }

extension Pipeline where Element == Int {
  /// Ends the pipeline in batches of numbers.
  func batch(
    _ size: Int, concurrency: Int = 1, ordering: Ordering = .input, onFailure: FailurePolicy = .raise,
    partial: PartialBatch = .emit
  ) -> BatchPipeline {
    batch(numbers(size), concurrency: .fixed(concurrency), ordering: ordering, onFailure: onFailure, partial: partial) {
      try $1.write(Int64($0), to: "x")
    }
  }
}

extension RunOutcome {
  /// The error of a run that failed.
  var error: HeadraceError? {
    if case .failed(let error) = self { return error }
    return nil
  }
}
