import Headrace
import HeadraceSystem
import Synchronization

/// A sink of two reused buffers in plain memory, which throws each batch away and counts it.
final class MemorySink: BatchSink {
  /// Batches so far, and when the last of them came.
  struct Count {
    var batches = 0
    var nanoseconds: UInt64 = 0
  }

  @safe private final class Memory: Sendable {
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
      unsafe bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: byteCount, alignment: BatchTensor.alignment)
    }

    deinit { unsafe bytes.deallocate() }
  }

  private struct State {
    var free: [Memory]
    var count = Count()
  }

  private let state: Mutex<State>

  init(byteCount: Int) {
    state = Mutex(State(free: [Memory(byteCount: byteCount), Memory(byteCount: byteCount)]))
  }

  var count: Count { state.withLock { $0.count } }

  func tryClaim() -> (any BatchBuffer)? {
    guard let memory = state.withLock({ $0.free.popLast() }) else { return nil }
    return Buffer(memory, self)
  }

  /// One claim on a memory; gives it back when it goes away.
  @safe private final class Buffer: BatchBuffer {
    private let memory: Memory
    private let sink: MemorySink

    init(_ memory: Memory, _ sink: MemorySink) {
      self.memory = memory
      self.sink = sink
    }

    @unsafe var bytes: UnsafeMutableRawBufferPointer { unsafe memory.bytes }

    func publish(tensors: [BatchTensor], positions: [UInt64], epoch: Int) {
      let now = MonotonicClock.now
      sink.state.withLock { $0.count = Count(batches: $0.count.batches + 1, nanoseconds: now) }
    }

    deinit {
      sink.state.withLock { $0.free.append(memory) }
    }
  }
}
