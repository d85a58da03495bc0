import Dispatch
import HeadraceCore
import HeadracePipeline
import Synchronization

/// A bounded number of batch buffers in plain memory, as a ring has slots.
final class MemorySink: BatchSink {
  /// A batch as a consumer sees it.
  struct Delivered: Sendable {
    var tensors: [BatchTensor]
    var positions: [UInt64]
    var epoch: Int
    var bytes: [UInt8]

    var rowCount: Int { tensors[0].shape[0] }

    /// All bytes of a tensor; nil if there is none of that name.
    func bytes(_ name: String) -> [UInt8]? {
      tensors.first { $0.name == name }.map { Array(bytes[$0.byteOffset..<($0.byteOffset + $0.byteCount)]) }
    }

    /// All elements of a tensor.
    func elements<Element: TensorElement>(_ name: String, as _: Element.Type) -> [Element] {
      guard let tensor = tensors.first(where: { $0.name == name }) else { return [] }
      precondition(tensor.dtype == Element.dtype)
      return unsafe bytes.withUnsafeBytes { bytes in
        let count = tensor.byteCount / MemoryLayout<Element>.stride
        return (0..<count).map {
          unsafe bytes.loadUnaligned(
            fromByteOffset: tensor.byteOffset + $0 * MemoryLayout<Element>.stride, as: Element.self)
        }
      }
    }
  }

  /// When published buffers become free again.
  enum Return {
    /// As soon as another thread gets to it.
    case later
    /// When the test says so.
    case byTest
  }

  private struct State {
    var free: Int
    var claimed = 0
    var claims = 0
    var refusals = 0
    var published = 0
    var delivered: [Delivered] = []
    var publishError: HeadraceError?
    var claimError: HeadraceError?
    var run: PipelineRun?
  }

  let byteCount: Int
  private let returning: Return
  private let state: Mutex<State>
  private let consumer = DispatchQueue(label: "consumer")
  /// Batches published so far.
  let publications = Tally()

  init(_ plan: PipelinePlan, buffers: Int = 3, returning: Return = .later) {
    byteCount = plan.payloadByteCount
    self.returning = returning
    state = Mutex(State(free: buffers))
  }

  var delivered: [Delivered] { state.withLock { $0.delivered } }
  /// Buffers that are claimed and not published.
  var claimedCount: Int { state.withLock { $0.claimed } }
  /// Buffers handed out so far.
  var claimCount: Int { state.withLock { $0.claims } }
  /// Times that there was none.
  var refusalCount: Int { state.withLock { $0.refusals } }

  func attach(_ run: PipelineRun) { state.withLock { $0.run = run } }
  func detach() { state.withLock { $0.run = nil } }
  func clear() { state.withLock { $0.delivered = [] } }
  /// From now on claiming fails.
  func failClaims(_ error: HeadraceError) { state.withLock { $0.claimError = error } }
  /// From now on publishing fails.
  func failPublications(_ error: HeadraceError) { state.withLock { $0.publishError = error } }

  /// The consumer is done with `count` published batches.
  func giveBack(_ count: Int = 1) {
    let run = state.withLock { state in
      precondition(state.published >= count, "gives back more than was published")
      state.published -= count
      state.free += count
      return state.run
    }
    run?.sinkHasSpace()
  }

  func tryClaim() throws(HeadraceError) -> (any BatchBuffer)? {
    let error: HeadraceError? = state.withLock { $0.claimError }
    if let error { throw error }
    let granted = state.withLock { state in
      guard state.free > 0 else {
        state.refusals += 1
        return false
      }
      state.free -= 1
      state.claimed += 1
      state.claims += 1
      return true
    }
    return granted ? Buffer(self) : nil
  }

  fileprivate func publish(_ batch: Delivered) throws(HeadraceError) {
    let error: HeadraceError? = state.withLock { state in
      guard state.publishError == nil else { return state.publishError }
      state.claimed -= 1
      state.published += 1
      state.delivered.append(batch)
      return nil
    }
    if let error { throw error }
    publications.add()
    if returning == .later { consumer.async { self.giveBack() } }
  }

  /// Like a slot that is given up: nobody is told.
  fileprivate func abandon() {
    state.withLock { state in
      state.claimed -= 1
      state.free += 1
    }
  }

  @safe private final class Buffer: BatchBuffer {
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
    /// Its address, so that whoever has the number has the memory.
    var number: Int { unsafe Int(bitPattern: bytes.baseAddress) }
    private let sink: MemorySink
    private let isPublished = Atomic<Bool>(false)

    init(_ sink: MemorySink) {
      self.sink = sink
      unsafe bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: sink.byteCount, alignment: 256)
      // What an earlier batch left there.
      unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0xA5)
    }

    deinit {
      unsafe bytes.deallocate()
      if !isPublished.load(ordering: .relaxed) { sink.abandon() }
    }

    func publish(tensors: [BatchTensor], positions: [UInt64], epoch: Int) throws(HeadraceError) {
      let copy = unsafe [UInt8](bytes)
      try sink.publish(Delivered(tensors: tensors, positions: positions, epoch: epoch, bytes: copy))
      let before = isPublished.exchange(true, ordering: .relaxed)
      precondition(!before, "published twice")
    }
  }
}
