import HeadraceCore
import HeadraceRing

/// Says in a ring that a worker cannot run at all, and why.
struct WorkerRefusal {
  let ring: Ring
  /// Where another worker has left the stream; nil: nothing is out.
  let position: StreamPosition?

  /// Publishes the error as the loader's last word, if there is a free slot.
  func publish(_ error: HeadraceError) {
    ring.workerPhase = .stopping
    let producer = RingProducer(ring)
    let epoch = max(position?.nextEpoch ?? 0, producer.requestedEpoch ?? 0)
    producer.tryClaim(forWhoeverComes: true)?.publishFailure(error, epoch: epoch, sequence: position?.sequence ?? 0)
  }
}
