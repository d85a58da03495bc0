import HeadraceCore
import HeadraceSystem
import Synchronization

/// Automatic concurrency of one run: owns the autotuner, makes laps of counters, and keeps what was decided.
final class TuningLoop: Sendable {
  private struct State {
    var tuner: Autotuner
    /// At the end of the last lap; nil: the next call begins a lap.
    var last: TuningCounters?
    var notes: Deque<TuningNote> = Deque()
  }

  /// How long a lap is to be.
  let periodNanoseconds: UInt64
  /// Asks for what the consumer has taken.
  let progress: @Sendable () -> ConsumerProgress
  private let state: Mutex<State>
  private let begun = MonotonicClock.now

  /// Notes that are kept, the newest.
  private static let keptNotes = 1000

  init(
    _ stages: [StageDescription], limits: TuningLimits, period: Duration,
    progress: @escaping @Sendable () -> ConsumerProgress
  ) {
    periodNanoseconds = max(1, MonotonicClock.nanoseconds(in: period) ?? 1)
    self.progress = progress
    state = Mutex(State(tuner: Autotuner(stages: stages.map { TunedStage($0) }, limits: limits)))
  }

  /// The run stood still: the time since the last lap is none.
  func restart() {
    state.withLock { state in
      state.last = nil
      state.tuner.restart()
    }
  }

  /// Ends a lap, and begins the next. Returns what was decided.
  func endLap(_ counters: TuningCounters) -> [TuningNote] {
    state.withLock { state in
      defer { state.last = counters }
      guard let last = state.last, let lap = counters.lap(since: last) else { return [] }
      let seconds = Double(counters.time - min(begun, counters.time)) / 1e9
      let notes = state.tuner.observe(lap).map { decision in
        TuningNote(
          seconds: seconds, stage: decision.stage, from: decision.from, to: decision.to, reason: decision.explanation)
      }
      for note in notes {
        if state.notes.count == Self.keptNotes { state.notes.removeFirst() }
        state.notes.append(note)
      }
      return notes
    }
  }

  /// The concurrency of each stage from now on.
  var concurrency: [Int] { state.withLock { $0.tuner.concurrency } }

  /// What was decided, the newest 1,000.
  var notes: [TuningNote] {
    state.withLock { state in (0..<state.notes.count).map { state.notes[$0] } }
  }
}
