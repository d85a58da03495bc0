/// What the worker is doing as a whole, so that whoever finds it dead or slow can say where.
package enum WorkerPhase: UInt32, Sendable, CustomStringConvertible {
  /// The process exists; its pipeline does not run yet.
  case starting = 0
  /// The pipeline runs.
  case running = 1
  /// The pipeline waits until the consumer gives a slot back.
  case waitingForSlot = 2
  /// The epochs asked for are done; it waits for a request.
  case idle = 3
  /// It was told to stop.
  case stopping = 4

  /// In words, for messages: `waiting for a slot`.
  package var description: String {
    switch self {
    case .starting: "starting"
    case .running: "running"
    case .waitingForSlot: "waiting for a slot"
    case .idle: "idle"
    case .stopping: "stopping"
    }
  }
}
