import HeadraceCore
import HeadracePipeline
import HeadraceRing
import Synchronization

/// Lets a run write its batches into the slots of a ring.
final class RingSink: BatchSink {
  private let producer: RingProducer
  private let sequence: Atomic<Int>
  private let published: PublishedSamples
  private let onPublish: @Sendable () -> Void

  /// - Parameters:
  ///   - position: where the stream stands that another worker has begun.
  ///   - onPublish: called after each batch.
  init(_ producer: RingProducer, after position: StreamPosition?, onPublish: @escaping @Sendable () -> Void) {
    self.producer = producer
    sequence = Atomic(position?.sequence ?? 0)
    published = PublishedSamples(of: position)
    self.onPublish = onPublish
  }

  func tryClaim() throws(HeadraceError) -> (any BatchBuffer)? {
    guard let claim = producer.tryClaim() else {
      producer.ring.workerPhase = .waitingForSlot
      return nil
    }
    producer.ring.workerPhase = .running
    return Slot(claim: claim, sink: self)
  }

  func leavesOut(of epoch: Int) -> (@Sendable (_ position: Int) -> Bool)? {
    guard published.epoch == epoch else { return nil }
    return { [published] in published.take($0) }
  }

  func isOut(of epoch: Int) -> (@Sendable (_ position: Int) -> Bool)? {
    guard published.epoch == epoch else { return nil }
    return { [published] in published.contains($0) }
  }

  /// Batches published so far, which is the number of the next.
  var batchCount: Int { sequence.load(ordering: .relaxed) }

  @safe private final class Slot: BatchBuffer {
    private let claim: Mutex<SlotClaim?>
    private let sink: RingSink
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer
    let number: Int

    init(claim: consuming SlotClaim, sink: RingSink) {
      unsafe bytes = claim.payload
      number = claim.slot
      self.claim = Mutex(claim)
      self.sink = sink
    }

    func publish(tensors: [BatchTensor], positions: [UInt64], epoch: Int) throws(HeadraceError) {
      let taken = claim.withLock { $0.take() }
      guard let taken else { preconditionFailure("a batch of epoch \(epoch) was published twice") }
      try taken.publish(
        tensors: tensors, positions: positions, epoch: epoch,
        sequence: sink.sequence.wrappingAdd(1, ordering: .relaxed).oldValue)
      sink.onPublish()
    }
  }
}
