import HeadraceCore
import HeadracePipeline
import HeadraceRing
import Synchronization

/// Notes in the ring what a run does, for the consumer and for whoever finds the worker dead.
final class RingObserver: RunObserver, LogOutlet {
  private let inFlight: InFlightTable
  private let events: Mutex<Events>
  private let tuning: Mutex<TuningLog>
  private let outlet: any LogOutlet
  private let copiedBytes = Atomic<Int>(0)

  private struct Events {
    let log: EventLog
    /// Failures that another worker has told of in epochs that are made again, and how often each comes.
    var told: [FailureKey: Int]
  }

  /// - Parameters:
  ///   - position: where another worker has left the stream.
  ///   - outlet: where the log goes.
  init(_ ring: Ring, after position: StreamPosition?, log outlet: any LogOutlet) {
    self.outlet = outlet
    inFlight = InFlightTable(ring)
    let log = EventLog(ring)
    events = Mutex(Events(log: log, told: log.told(from: position?.nextEpoch ?? 0)))
    tuning = Mutex(TuningLog(ring))
  }

  /// Bytes moved within slots or copied into them since the start.
  var copiedByteCount: Int { copiedBytes.load(ordering: .relaxed) }

  func begin(lane: Int, stage: Int, name: String, epoch: Int, position: Int, sample: SampleID?) {
    inFlight.begin(lane: lane, stage: stage, name: name, epoch: epoch, position: position, sample: sample)
  }

  func end(lane: Int) {
    inFlight.end(lane: lane)
  }

  func copied(byteCount: Int) {
    copiedBytes.add(byteCount, ordering: .relaxed)
  }

  func skipped(_ failure: SampleFailure) {
    events.withLock { events in
      if let count = events.told[FailureKey(failure)], count > 0 {
        events.told[FailureKey(failure)] = count - 1
      } else {
        events.log.append(failure)
      }
    }
  }

  func label(lane: Int) -> CallLabel? {
    inFlight.entry(lane: lane).map { CallLabel(stage: $0.stageName, position: $0.position, sample: $0.key) }
  }

  func log(_ level: LogLevel, _ text: String, _ label: CallLabel?) { outlet.log(level, text, label) }

  func tuned(_ note: TuningNote) { tuning.withLock { $0.append(note) } }
}
