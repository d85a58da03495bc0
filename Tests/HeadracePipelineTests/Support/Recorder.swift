import HeadraceCore
import HeadracePipeline
import Synchronization

/// Notes what a run tells of itself.
final class Recorder: RunObserver {
  struct State {
    var skipped: [SampleFailure] = []
    var copiedByteCount = 0
    /// Stage that each lane is at, if it is at one.
    var stageOfLane: [Int: Int] = [:]
    var begins = 0
    /// Most lanes at one stage at one time.
    var peak: [Int: Int] = [:]
    var names: [Int: String] = [:]
    var samples: Set<SampleID> = []
  }

  private let state = Mutex(State())

  var seen: State { state.withLock { $0 } }
  var skipped: [SampleFailure] { seen.skipped }

  func begin(lane: Int, stage: Int, name: String, epoch: Int, position: Int, sample: SampleID?) {
    state.withLock { state in
      state.begins += 1
      state.stageOfLane[lane] = stage
      state.names[stage] = name
      if let sample { state.samples.insert(sample) }
      state.peak[stage] = max(state.peak[stage] ?? 0, state.stageOfLane.values.count { $0 == stage })
    }
  }

  func end(lane: Int) { state.withLock { $0.stageOfLane[lane] = nil } }
  func copied(byteCount: Int) { state.withLock { $0.copiedByteCount += byteCount } }
  func skipped(_ failure: SampleFailure) { state.withLock { $0.skipped.append(failure) } }
}
