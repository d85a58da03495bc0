import HeadraceCore
import HeadracePipeline
import HeadraceRing
import Synchronization

/// Notes in the ring what a run does, for the consumer and for whoever finds the worker dead.
final class RingObserver: RunObserver {
  private let inFlight: InFlightTable
  private let events: Mutex<EventLog>
  private let tuning: TuningLog
  private let copiedBytes = Atomic<Int>(0)

  init(_ ring: Ring) {
    inFlight = InFlightTable(ring)
    events = Mutex(EventLog(ring))
    tuning = TuningLog(ring)
  }

  /// Bytes moved within slots or copied into them since the start.
  var copiedByteCount: Int { copiedBytes.load(ordering: .relaxed) }

  func begin(lane: Int, stage: Int, name: String, position: Int, sample: SampleID?) {
    inFlight.begin(lane: lane, stage: stage, name: name, position: position, sample: sample)
  }

  func end(lane: Int) {
    inFlight.end(lane: lane)
  }

  func copied(byteCount: Int) {
    copiedBytes.add(byteCount, ordering: .relaxed)
  }

  func skipped(_ failure: SampleFailure) {
    events.withLock { $0.append(failure) }
  }

  // Called by one thread of the run.
  func tuned(_ note: TuningNote) { tuning.append(note) }
}
