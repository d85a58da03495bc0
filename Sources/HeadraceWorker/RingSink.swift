import HeadraceCore
import HeadracePipeline
import HeadraceRing
import Synchronization

/// Lets a run write its batches into the slots of a ring.
final class RingSink: BatchSink {
  private let producer: RingProducer
  private let sequence: Atomic<Int>
  private let repetition: Mutex<Repetition>
  private let onPublish: @Sendable () -> Void

  /// - Parameters:
  ///   - position: where the stream stands that another worker has begun; its batches are made again, and not published.
  ///   - onPublish: called after each batch.
  init(_ producer: RingProducer, after position: StreamPosition?, onPublish: @escaping @Sendable () -> Void) {
    self.producer = producer
    sequence = Atomic(position?.sequence ?? 0)
    repetition = Mutex(Repetition(of: position))
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

  /// What an epoch has come to, as far as batches are concerned that are made again.
  func outcome(_ outcome: RunOutcome, of epoch: Int) -> RunOutcome {
    repetition.withLock { $0.outcome(outcome, of: epoch) }
  }

  /// Batches published so far, which is the number of the next.
  var batchCount: Int { sequence.load(ordering: .relaxed) }

  @safe private final class Slot: BatchBuffer {
    private let claim: Mutex<SlotClaim?>
    private let sink: RingSink
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    init(claim: consuming SlotClaim, sink: RingSink) {
      unsafe bytes = claim.payload
      self.claim = Mutex(claim)
      self.sink = sink
    }

    func publish(tensors: [BatchTensor], positions: [UInt64], epoch: Int) throws(HeadraceError) {
      let taken = claim.withLock { $0.take() }
      guard let taken else { preconditionFailure("a batch of epoch \(epoch) was published twice") }
      // It is out already: the claim is given up here.
      if try sink.repetition.withLock({ repetition throws(HeadraceError) in try repetition.takes(positions, of: epoch) }
      ) {
        return
      }
      try taken.publish(
        tensors: tensors, positions: positions, epoch: epoch,
        sequence: sink.sequence.wrappingAdd(1, ordering: .relaxed).oldValue)
      sink.onPublish()
    }
  }
}
