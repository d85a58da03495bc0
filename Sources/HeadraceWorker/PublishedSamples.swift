import HeadraceRing
import Synchronization

/// Samples of an epoch that another worker has published, to be left out as they come again.
///
/// A position can come several times, as behind a `flatMap`: then it is left out as often as it is out.
final class PublishedSamples: Sendable {
  private struct State {
    /// One bit for each position, as far as they go.
    var isOut: [UInt64] = []
    /// How often a position is out beyond the first time.
    var further: [Int: Int] = [:]
  }

  /// The epoch that they are of; nil where there are none, which is nearly always.
  let epoch: Int?
  private let state = Mutex(State())

  /// - Parameter position: where the other worker has left the stream.
  init(of position: StreamPosition?) {
    guard let position, !position.isEnded, let positions = position.positions, let last = positions.max() else {
      epoch = nil
      return
    }
    epoch = position.epoch
    state.withLock { state in
      state.isOut = Array(repeating: 0, count: Int(last / 64) + 1)
      for position in positions {
        let bit: UInt64 = 1 << (position % 64)
        if state.isOut[Int(position / 64)] & bit == 0 {
          state.isOut[Int(position / 64)] |= bit
        } else {
          state.further[Int(position), default: 0] += 1
        }
      }
    }
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
