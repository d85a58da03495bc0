import HeadraceCore
import Synchronization

/// Numbers the tensor tables that a producer writes, so that the consumer reads each but once: most batches have that
/// of the batch before.
final class TableNumbers: Sendable {
  private struct State {
    var tensors: [BatchTensor]?
    var number: UInt32 = 0
  }

  private let state: Mutex<State>

  /// - Parameter producer: how many producers the ring had before. Each begins a million numbers further on, so that
  ///   none takes one for another table that the consumer still knows.
  init(producer: Int = 0) {
    state = Mutex(State(number: UInt32(truncatingIfNeeded: producer) << 20))
  }

  /// The number of the table of `tensors`, from 1: that of the last batch if its table was the same.
  func number(of tensors: [BatchTensor]) -> UInt32 {
    state.withLock { state in
      if state.tensors != tensors {
        state.tensors = tensors
        // 0 is for messages without a table, also after four billion others.
        state.number = max(1, state.number &+ 1)
      }
      return state.number
    }
  }
}
