import HeadraceCore
import Synchronization

/// Notes what each lane of a run in this process is doing, and which samples were left out.
final class LaneTable: RunObserver {
  private struct Entry: Sendable {
    var stage: String
    var position: Int
    var sample: SampleID?
  }

  /// Entries lie apart, so that lanes do not wait for each other.
  private final class Place: Sendable {
    let entry = Mutex<Entry?>(nil)
  }

  private struct Failures {
    var count = 0
    var newest: Deque<SampleFailure> = Deque()
  }

  private static let keptFailures = 1000

  private let places: [Place]
  private let failures = Mutex(Failures())

  /// - Parameter lanes: entries; a lane with a higher number shares one with another.
  init(lanes: Int) {
    places = (0..<lanes).map { _ in Place() }
  }

  var calls: [RunningCall] {
    places.compactMap { $0.entry.withLock { $0 } }
      .map { RunningCall(stage: $0.stage, position: $0.position, sample: $0.sample) }
  }

  func takeFailures() -> FailureReport {
    failures.withLock { failures in
      defer { failures = Failures() }
      return FailureReport(count: failures.count, newest: (0..<failures.newest.count).map { failures.newest[$0] })
    }
  }

  func begin(lane: Int, stage: Int, name: String, epoch: Int, position: Int, sample: SampleID?) {
    places[lane % places.count].entry.withLock { $0 = Entry(stage: name, position: position, sample: sample) }
  }

  func end(lane: Int) {
    places[lane % places.count].entry.withLock { $0 = nil }
  }

  func copied(byteCount: Int) {}

  func skipped(_ failure: SampleFailure) {
    failures.withLock { failures in
      failures.count += 1
      if failures.newest.count == Self.keptFailures { failures.newest.removeFirst() }
      failures.newest.append(failure)
    }
  }
}
