import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// One start by request, in the process that is to be the loader's supervisor. It runs no code of the user's: the first
/// worker makes the pipeline, tells the consumer of it, and waits for the ring.
///
///     consumer                 supervisor               worker
///     request, sockets ──────►
///                              fork ──────────────────► makes the pipeline
///              ◄─────────────────────────────────────── summary, or why there is none
///     makes the ring
///     ring ──────────────────► watches
///     ring ───────────────────────────────────────────► runs
enum LoaderSession {
  /// - Parameters:
  ///   - message: the request, with the worker's socket, the supervisor's, and the signal to end.
  ///   - trainer: whose end is this one's.
  /// - Returns: the exit status.
  static func run(_ message: inout MessageSocket.Message, _ trainer: borrowing ProcessHandle) -> Int32 {
    do {
      let request: StartRequest
      do throws(HeadraceError) {
        request = try read(message.content)
      } catch {
        return try refuse(error, &message)
      }
      // All who are in it have ended by then.
      defer { request.terms.isolation.group?.remove() }
      let pool: PoolMemory?
      do throws(Errno) {
        pool = try request.terms.size.makePool()
      } catch {
        return try refuse(LoaderSize.refusal(error), &message)
      }
      // The worker's socket is let go of in `startWorker`: only the worker is to have it.
      let log = LogDesk(request.terms.log)
      let worker = try startWorker(request, MessageSocket(try message.takeDescriptor()), pool, log, &message)
      let socket = MessageSocket(try message.takeDescriptor())
      let end = EventSignal(try message.takeDescriptor())
      let path = request.terms.readers?.path
      let listening = try path.map { path throws(Errno) in ListeningSocket(try message.takeDescriptor(), path: path) }
      // Also where it comes to nothing.
      defer { if let path { ListeningSocket.removeIfDead(path) } }
      return try watch(worker, request, pool, log, socket, end, listening, trainer)
    } catch {
      // The consumer is told by the end of the sockets.
      return 1
    }
  }

  /// Tells the consumer, in the place of the worker that there will not be. Returns the exit status.
  private static func refuse(_ error: HeadraceError, _ message: inout MessageSocket.Message) throws -> Int32 {
    let worker = MessageSocket(try message.takeDescriptor())
    try worker.send(try JSONText.encode(StartReply.refused(error)))
    return 1
  }

  /// - Throws: `incompatibleRing` for a request of another version; `forkUnsafe` where this process cannot fork.
  private static func read(_ content: [UInt8]) throws(HeadraceError) -> StartRequest {
    // Of a loader program; a fork server is cold.
    try SupervisedWorker.refuseWarmProcess(
      remedy: "It is the loader program's: nothing in it may start a thread before LoaderProgram.main().")
    do {
      return try JSONText.decode(StartRequest.self, from: content)
    } catch {
      throw HeadraceError(
        .incompatibleRing,
        "The loader does not understand what it is asked for; build both programs from one version of Headrace.",
        cause: "\(error)")
    }
  }

  /// - Parameter message: with what is the supervisor's alone.
  private static func startWorker(
    _ request: StartRequest, _ socket: consuming MessageSocket, _ pool: PoolMemory?, _ log: LogDesk,
    _ message: inout MessageSocket.Message
  ) throws(Errno) -> ChildProcess {
    // A folder that is gone is told by the sources that look there.
    FileSystem.changeDirectory(request.terms.directory)
    let supervisorID = Int32(ProcessIdentity.current.processID)
    let pipe = log.makePipe()
    let worker = try ChildProcess(name: "headrace-worker") { supervisor in
      message.closeDescriptors()
      if let pipe { PipedLog.begin(pipe) }
      log.letGoInChild()
      let ranks = request.terms.isolation.apply(isGoverned: pool == nil)
      return RequestedWorker(request: request).run(socket, pool, ranks, supervisor, supervisorID: supervisorID)
    } refusal: { error in
      RequestedWorker(request: request).refuse(WorkerLoop.refusal(error, request.terms.size.laneCount), socket)
      return 1
    }
    log.listen(pipe, role: "worker", worker.processID)
    return worker
  }

  private static func watch(
    _ worker: consuming ChildProcess, _ request: StartRequest, _ pool: PoolMemory?, _ log: LogDesk,
    _ socket: consuming MessageSocket, _ end: consuming EventSignal, _ listening: consuming ListeningSocket?,
    _ trainer: borrowing ProcessHandle
  ) throws -> Int32 {
    // From the ring on the supervisor looks after it.
    var isHandedOn = false
    defer { if !isHandedOn { log.loaderHasEnded() } }
    let awaited = [socket.descriptor.number, worker.descriptor.number, trainer.descriptor.number]
    var ready: Set<Int32> = []
    while ready.isDisjoint(with: awaited) {
      ready = Poll.wait(anyOf: awaited + log.descriptors, until: log.due)
      _ = log.attend(ready)
    }
    if ready.contains(awaited[2]) { return 0 }
    guard ready.contains(awaited[0]) else {
      let status = worker.reap() ?? .unknown
      let last = log.takeLastLines(of: worker.processID).last.map { " It said last: \($0)" } ?? ""
      let error = HeadraceError(
        .workerDied, "The worker \(status) while it made the pipeline of \(request.title).\(last)", cause: "\(status)")
      try? socket.send(try JSONText.encode(StartReply.refused(error)))
      return 1
    }
    // At its end where the consumer has given up.
    guard var message = try socket.receive() else { return 0 }
    let offer = try JSONText.decode(RingOffer.self, from: message.content)
    let ring = try Ring(offer.geometry, from: &message, keepsFile: true)
    // All has been said, and no later worker is to have it.
    _ = consume socket
    var desk: ReaderDesk?
    if let readers = request.terms.readers, let listening = listening.take() {
      desk = ReaderDesk(
        listening, ring,
        LoaderFacts(
          geometry: offer.geometry, stages: offer.summary.stages, epochLimit: request.terms.epochs, readers: readers))
    }
    let signals = try Supervisor.Signals(end: end)
    let supervisor = Supervisor(
      ring: ring, signals: signals, isolation: request.terms.isolation, restartLimit: request.terms.restarts,
      threads: request.terms.size.laneCount, stages: offer.summary.stages, pool: pool, readers: desk,
      hangLimit: request.terms.hangLimit, log: log
    ) { () throws(HeadraceError) in
      try RequestedWorker(request: request).makePipeline(as: offer.summary)
    } makeLoop: { beginning throws(HeadraceError) in
      try RequestedWorker(request: request).makeLoop(ring, offer.summary, beginning)
    }
    isHandedOn = true
    return supervisor.run(trainer, first: worker).rawValue
  }
}
