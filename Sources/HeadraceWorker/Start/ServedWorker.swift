import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// A worker with a supervisor above it that another process has forked. Deinit ends both.
final class ServedWorker: Worker {
  private let supervisor: ProcessHandle
  private let supervisorID: Int32
  private let end: EventSignal
  private let ring: Ring
  private let owner = ProcessIdentity.current
  /// Where readers attach; nil: nowhere.
  private let path: String?
  private let group: WeightedGroup?

  private init(
    supervisor: consuming ProcessHandle, _ supervisorID: Int32, end: consuming EventSignal, ring: Ring,
    _ terms: LoaderTerms
  ) {
    path = terms.readers?.path
    group = terms.isolation.group
    self.supervisor = supervisor
    self.supervisorID = supervisorID
    self.end = end
    self.ring = ring
  }

  deinit {
    // A child that was forked since has a copy of this, and the worker is not its own.
    guard owner == .current else { return }
    end.signal()
    // It ends the worker first; if it cannot, as one that is stopped, its own end does.
    if Poll.wait(endDescriptor, until: MonotonicClock.deadline(after: .seconds(10))).timedOut {
      supervisor.send(9)
      _ = Poll.wait(endDescriptor, until: MonotonicClock.deadline(after: .seconds(10)))
    }
    // Where it was killed it has left the socket's file, and the group.
    if let path { ListeningSocket.removeIfDead(path) }
    group?.remove()
  }

  var endDescriptor: Int32 { supervisor.descriptor.number }
  var processID: Int? { ring.workerProcessID }
  var rootProcessID: Int? { Int(supervisorID) }
  func exitStatus() -> ExitStatus? { ring.workerDeath?.status }

  /// What has been started, and what is known of it.
  struct Start {
    let worker: ServedWorker
    let ring: Ring
    let summary: StartReply.PipelineSummary
  }

  /// Asks for a loader and waits until its pipeline is made; then makes the ring, and hands it over.
  ///
  /// - Parameters:
  ///   - makeGeometry: the ring for the pipeline.
  ///   - timeout: how long the pipeline may take to be made.
  ///   - send: brings the request to who starts loaders, with descriptors.
  ///   - describeEnd: what is said where all that was started has gone without a word; nil: what is likely.
  /// - Throws: what `makePipeline` or the check of the pipeline throws; `workerDied` when the worker ends meanwhile;
  ///   `timedOut`; `outOfMemory`; `systemCall`.
  static func start(
    _ request: StartRequest, timeout: Duration,
    makeGeometry: (StartReply.PipelineSummary) throws(HeadraceError) -> RingGeometry,
    send: ([UInt8], [Int32]) throws(HeadraceError) -> Void, describeEnd: () -> HeadraceError?
  ) throws(HeadraceError) -> Start {
    func gone() -> HeadraceError { describeEnd() ?? Self.gone(request) }
    do {
      var toWorker = try MessageSocket.Pair()
      var toSupervisor = try MessageSocket.Pair()
      let end = try EventSignal()
      // Before anything is started: a path that is taken is told at once. The supervisor alone keeps it.
      var socket = try request.terms.readers?.listen()
      try send(
        try JSONText.encode(request),
        [toWorker.farNumber, toSupervisor.farNumber, end.descriptor.number] + Self.numbers(socket))
      socket = nil
      toWorker.closeFar()
      toSupervisor.closeFar()
      let (summary, processes) = try receiveReply(
        toWorker, toSupervisor, request, until: MonotonicClock.deadline(after: timeout), timeout, gone)
      guard let supervisor = try handle(of: processes.supervisor),
        // Looked at afterwards: a supervisor that has nothing to say is there, and the number its own.
        !Poll.wait(toSupervisor.nearNumber, until: 0).first
      else { throw reason(toSupervisor, gone) }
      let geometry = try makeGeometry(summary)
      let offer = try JSONText.encode(RingOffer(geometry: geometry, summary: summary))
      let ring = try Ring(
        geometry, hasReader: request.terms.readers?.includesThisProcess ?? true, reservesLater: true
      ) { ring, descriptors throws(HeadraceError) in
        request.terms.readers?.prepare(ring)
        ring.workerProcessID = Int(processes.worker)
        do {
          // The supervisor last: once it has the ring it goes on whatever becomes of the worker.
          try toWorker.send(offer, descriptors)
          try toSupervisor.send(offer, descriptors)
        } catch {
          throw reason(toSupervisor, gone)
        }
      }
      return Start(
        worker: ServedWorker(
          supervisor: supervisor, processes.supervisor, end: end, ring: ring, request.terms),
        ring: ring,
        summary: summary)
    } catch let error as HeadraceError {
      // A path that is taken is another's: it is removed only where nobody listens.
      request.terms.readers?.removeSocket()
      throw error
    } catch {
      request.terms.readers?.removeSocket()
      throw HeadraceError(.systemCall, "The worker process could not be started.", cause: "\(error)")
    }
  }

  private static func numbers(_ socket: borrowing ListeningSocket?) -> [Int32] {
    switch socket {
    case .some(let socket): [socket.descriptor.number]
    case .none: []
    }
  }

  /// Nil where there is no such process any more.
  private static func handle(of supervisor: Int32) throws(Errno) -> ProcessHandle? {
    do throws(Errno) {
      return try ProcessHandle(processID: supervisor)
    } catch {
      if error.isMissingProcess { return nil }
      throw error
    }
  }

  private static func receiveReply(
    _ worker: borrowing MessageSocket.Pair, _ supervisor: borrowing MessageSocket.Pair, _ request: StartRequest,
    until deadline: UInt64?, _ timeout: Duration, _ gone: () -> HeadraceError
  ) throws -> (StartReply.PipelineSummary, StartReply.Processes) {
    if Poll.wait(worker.nearNumber, until: deadline).timedOut {
      throw HeadraceError(
        .timedOut,
        "The worker has taken more than \(timeout) to make the pipeline of \(request.title), and is ended. Raise"
          + " startTimeout, or see what it waits for.")
    }
    // Where the worker has gone without an answer, the supervisor tells how.
    guard let message = try worker.receive() ?? supervisor.receive() else { throw gone() }
    switch try JSONText.decode(StartReply.self, from: message.content) {
    case .ready(let summary, let processes): return (summary, processes)
    case .refused(let error): throw error
    }
  }

  /// What the supervisor has said before it went, if anything.
  private static func reason(
    _ supervisor: borrowing MessageSocket.Pair, _ gone: () -> HeadraceError
  ) -> HeadraceError {
    let deadline = MonotonicClock.deadline(after: .seconds(5))
    guard Poll.wait(supervisor.nearNumber, until: deadline).first, let message = try? supervisor.receive(),
      case .refused(let error)? = try? JSONText.decode(StartReply.self, from: message.content)
    else { return gone() }
    return error
  }

  private static func gone(_ request: StartRequest) -> HeadraceError {
    HeadraceError(
      .systemCall,
      "The process that was to watch the worker of \(request.title) is gone: it was killed, or could not be forked."
        + " Look at \(SupervisedWorker.limits).")
  }
}
