import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// Says in a ring that a worker cannot run at all, and why.
struct WorkerRefusal {
  let ring: Ring
  /// Where another worker has left the stream; nil: nothing is out.
  let position: StreamPosition?

  /// Publishes the error as the loader's last word. Where all slots are in use it waits for one, or for a stop.
  ///
  /// - Parameter lifeline: a descriptor that reaches its end when nobody is left to tell; -1 for none.
  func publish(_ error: HeadraceError, lifeline: Int32 = -1) {
    let producer = RingProducer(ring)
    while !producer.isStopRequested {
      producer.drainControl()
      if let claim = producer.tryClaim(forWhoeverComes: true) {
        // First: whoever takes the message looks whether it is the last.
        ring.workerPhase = .stopping
        let epoch = max(position?.nextEpoch ?? 0, producer.requestedEpoch ?? 0)
        return claim.publishFailure(error, epoch: epoch, sequence: position?.sequence ?? 0)
      }
      if Poll.wait(producer.controlDescriptor, lifeline).second { return }
    }
  }
}
