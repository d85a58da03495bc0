import Synchronization

/// Bounds the bytes of all samples in flight between source and batch.
///
/// A stage asks before it works on a sample, for as many bytes as its largest result so far has had; the sample that it
/// takes stays counted until its result is. As long as it has had none it works on one sample at a time. What is asked
/// for beyond the limit is granted only in the oldest epoch at work, while nothing else is being worked on, and nothing
/// behind the stage could leave: so a sample larger than the limit passes alone, and samples that a stage holds back,
/// such as a shuffle's, cannot bring the pipeline to a stop.
final class ByteBudget: Sendable {
  private struct State {
    /// Bytes of samples that wait or are held, and bytes granted to those being worked on; of each generation.
    var used = [0, 0]
    var peak = 0
    /// Samples being worked on that were granted something; of each generation.
    var grants = [0, 0]
    /// The generations at work, oldest first.
    var ages: [Int] = []
    /// Stages whose first result is being made; of each generation.
    var first: [Set<Int>] = [[], []]
    /// Stages that were refused and are to be signalled.
    var refused: Set<Int> = []
    /// Times that more was granted than there was.
    var overruns = 0

    var total: Int { used[0] + used[1] }

    mutating func grant(_ count: Int, _ bytes: Int, _ slot: Int) {
      grants[slot] += count
      used[slot] += count * bytes
      peak = max(peak, total)
    }

    mutating func takeRefused() -> Set<Int> {
      defer { refused = [] }
      return refused
    }
  }

  let limit: Int
  private let state = Mutex(State())

  init(limit: Int) {
    self.limit = limit
  }

  /// Bytes in flight, and the most there have been.
  var use: (now: Int, peak: Int) { state.withLock { ($0.total, $0.peak) } }

  /// A generation begins.
  func begin(_ slot: Int) { state.withLock { $0.ages.append(slot) } }

  /// Grants up to `count` samples `bytes` each; 0: there is no room, and the stage is signalled when there may be.
  ///
  /// - Parameters:
  ///   - bytes: of the stage's largest result; nil: it has had none.
  ///   - isLast: whether nothing behind the stage could leave.
  func grant(_ count: Int, bytes: Int?, to stage: Int, of slot: Int, isLast: () -> Bool) -> Int {
    if count == 0 { return 0 }
    let granted = state.withLock { state in
      let room = max(0, limit - state.total)
      let granted: Int
      switch bytes {
      case nil: granted = room > 0 && state.first[slot].insert(stage).inserted ? 1 : 0
      case 0?: granted = room > 0 ? count : 0
      case let bytes?: granted = min(count, room / bytes)
      }
      if granted > 0 { state.grant(granted, bytes ?? 0, slot) } else { state.refused.insert(stage) }
      return granted
    }
    // Looked at when the refusal is known, so that whoever takes what waits there will signal the stage.
    guard granted == 0, isLast() else { return granted }
    return state.withLock { state in
      guard state.grants[0] + state.grants[1] == 0, state.ages.first == slot else { return 0 }
      state.refused.remove(stage)
      if state.total > 0 { state.overruns += 1 }
      if bytes == nil { state.first[slot].insert(stage) }
      state.grant(1, bytes ?? 0, slot)
      return 1
    }
  }

  /// A sample waits to be tried again, and keeps its bytes: nobody works on it until `hold`, so others may pass, and be
  /// the first of the stage. Returns the stages to signal.
  func postpone(_ stage: Int, of slot: Int) -> Set<Int> {
    state.withLock { state in
      state.grants[slot] -= 1
      state.first[slot].remove(stage)
      return state.takeRefused()
    }
  }

  /// Samples are worked on that need nothing granted.
  func hold(_ count: Int, of slot: Int) { state.withLock { $0.grants[slot] += count } }

  /// Samples were worked on, or given back without. Returns the stages to signal.
  ///
  /// - Parameters:
  ///   - count: samples that were granted `bytes` each.
  ///   - released: bytes of what they were made from.
  ///   - made: bytes of what was made of them.
  ///   - stage: which was granted them; nil where none were.
  func settle(
    _ count: Int, bytes: Int = 0, released: Int, made: Int, stage: Int? = nil, of slot: Int
  ) -> Set<Int> {
    state.withLock { state in
      state.grants[slot] -= count
      if count > 0, let stage { state.first[slot].remove(stage) }
      state.used[slot] += made - released - count * bytes
      state.peak = max(state.peak, state.total)
      return state.takeRefused()
    }
  }

  /// Nothing is left of a generation.
  func clear(_ slot: Int) -> Set<Int> {
    state.withLock { state in
      state.ages.removeAll { $0 == slot }
      state.used[slot] = 0
      state.grants[slot] = 0
      state.first[slot] = []
      return state.takeRefused()
    }
  }
}
