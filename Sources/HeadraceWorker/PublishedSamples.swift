import HeadraceRing
import Synchronization

/// Samples of an epoch that another worker has published, to be left out as they come again.
///
/// A position can come several times, as behind a `flatMap`: then it is left out as often as it is out.
final class PublishedSamples: Sendable {
  private struct State {
    /// One bit for each position that is still to be left out once more, as far as they go.
    var isOut: [UInt64] = []
    /// How often a position is out beyond the first time.
    var further: [Int: Int] = [:]
  }

  /// The epoch that they are of; nil where there are none, which is nearly always.
  let epoch: Int?
  /// One bit for each position that is out, as far as they go.
  private let all: [UInt64]
  private let state = Mutex(State())

  /// - Parameter position: where the other worker has left the stream.
  init(of position: StreamPosition?) {
    guard let position, !position.isEnded, let positions = position.positions, let last = positions.max() else {
      epoch = nil
      all = []
      return
    }
    epoch = position.epoch
    var isOut = [UInt64](repeating: 0, count: Int(last / 64) + 1)
    var further: [Int: Int] = [:]
    for position in positions {
      let bit: UInt64 = 1 << (position % 64)
      if isOut[Int(position / 64)] & bit == 0 {
        isOut[Int(position / 64)] |= bit
      } else {
        further[Int(position), default: 0] += 1
      }
    }
    all = isOut
    state.withLock { $0 = State(isOut: isOut, further: further) }
  }

  /// Whether a sample of that position is out, however often that was asked or taken.
  func contains(_ position: Int) -> Bool {
    let word = position / 64
    return word < all.count && all[word] & (1 << UInt64(position % 64)) != 0
  }

  /// Whether a sample is out. Each is asked for once.
  func take(_ position: Int) -> Bool {
    state.withLock { state in
      if let count = state.further[position] {
        state.further[position] = count > 1 ? count - 1 : nil
        return true
      }
      let word = position / 64
      guard word < state.isOut.count, state.isOut[word] & (1 << UInt64(position % 64)) != 0 else { return false }
      state.isOut[word] &= ~(1 << UInt64(position % 64))
      return true
    }
  }
}
