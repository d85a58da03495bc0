import HeadraceSystem

extension Supervisor {
  /// What trainer and supervisor tell each other beside the ring.
  final class Signals: Sendable {
    /// To the trainer: there is a worker.
    let started: EventSignal
    /// To the supervisor: end the worker at once, and yourself.
    let end: EventSignal

    init() throws(Errno) {
      started = try EventSignal()
      end = try EventSignal()
    }

    /// - Parameter end: given by a trainer that has been told of the worker already.
    init(end: consuming EventSignal) throws(Errno) {
      started = try EventSignal()
      self.end = end
    }
  }
}
