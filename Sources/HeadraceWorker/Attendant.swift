import HeadraceCore

/// What a supervisor looks after beside the worker: a part of its one thread's turn, which must not wait.
protocol Attendant: AnyObject {
  /// Descriptors that become readable when there is something to do.
  var descriptors: [Int32] { get }
  /// When there is something to do in any case, on `MonotonicClock`; nil: never.
  var due: UInt64? { get }

  /// Does what there is to do. Returns false if the loader cannot go on.
  ///
  /// - Parameter ready: those of the supervisor's descriptors that are readable.
  func attend(_ ready: Set<Int32>) -> Bool

  /// A worker is about to be started.
  func willStartWorker()
  /// The worker has ended, and nothing of the ring has been mended yet.
  func workerHasEnded()
  /// Nothing will be started any more, and this process is about to end.
  func loaderHasEnded()
}

extension Attendant {
  func willStartWorker() {}
  func workerHasEnded() {}
  func loaderHasEnded() {}
}
