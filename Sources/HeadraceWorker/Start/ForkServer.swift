import HeadraceCore
import HeadraceSystem
import Synchronization

/// A process that was forked from this one while it was cold, stays so, and forks loaders when they are asked for,
/// however warm this process is by then. It runs no code of the user's, and ends with this process.
final class ForkServer: Sendable {
  private static let current = Mutex<ForkServer?>(nil)

  private let process: Mutex<ChildProcess>
  private let socket: MessageSocket.Pair
  private let owner = ProcessIdentity.current

  /// The server of this process; nil where there is none, or it is another process's.
  static var running: ForkServer? {
    current.withLock { $0 }.flatMap { $0.owner == .current ? $0 : nil }
  }

  /// Starts the server, unless there is one.
  ///
  /// - Throws: `forkUnsafe`; `systemCall`.
  static func start() throws(HeadraceError) {
    guard running == nil else { return }
    try SupervisedWorker.refuseWarmProcess(
      remedy: "Call Headrace.bootstrap() before anything else: in the first line of main, which may be async.")
    let server: ForkServer
    do {
      server = try ForkServer()
    } catch {
      throw HeadraceError(.systemCall, "The fork server could not be started.", cause: "\(error)")
    }
    current.withLock { $0 = server }
  }

  private init() throws(Errno) {
    var ends = try MessageSocket.Pair()
    let server = Server(ends.takeFar())
    process = Mutex(
      try ChildProcess(name: "headrace-server", on: .forkedThread) { trainer in
        ends.closeNear()
        return server.run(trainer)
      })
    server.close()
    socket = ends
  }

  /// Asks for a loader: the session that is started has these ends of sockets.
  ///
  /// - Throws: `systemCall` when the server is gone.
  func send(_ request: [UInt8], _ descriptors: [Int32]) throws(HeadraceError) {
    do {
      try socket.send(request, descriptors)
    } catch  where error.call != "sendmsg" {
      throw HeadraceError(.systemCall, "The fork server could not be asked for a loader.", cause: "\(error)")
    } catch {
      let status = process.withLock { $0.reap() }.map { ": it \($0)" } ?? ""
      throw HeadraceError(
        .systemCall,
        "The fork server does not answer\(status). Loaders that run go on; start the program anew for others.",
        cause: "\(error)")
    }
  }

  /// What the server's own process does.
  private final class Server: Sendable {
    private let socket: Mutex<MessageSocket?>

    init(_ socket: consuming MessageSocket?) { self.socket = Mutex(socket) }

    /// Also in a child: who keeps it keeps what was sent and not received.
    func close() { socket.withLock { $0 = nil } }

    /// Forks a supervisor for each request, until the trainer ends.
    func run(_ trainer: borrowing ProcessHandle) -> Int32 {
      ChildProcess.ignoreEndsOfChildren()
      while let descriptor = socket.withLock({ $0?.descriptor.number }) {
        if Poll.wait(descriptor, trainer.descriptor.number).second { return 0 }
        do throws(Errno) {
          guard var message = try receive() else { return 0 }
          try ChildProcess.detach(name: Supervisor.processName) {
            close()
            return LoaderSession.run(&message, trainer)
          }
        } catch {
          // The files of the message are closed with it, which is what tells the trainer.
        }
      }
      return 0
    }

    private func receive() throws(Errno) -> MessageSocket.Message? {
      var message: MessageSocket.Message?
      try socket.withLock { (socket: inout MessageSocket?) throws(Errno) in message = try socket?.receive() }
      return message
    }
  }
}

/// Starts the fork server, from which `runPipelineInSubprocess` starts workers later on, however warm this process is
/// by then: a small process that stays cold, and ends with this one.
///
/// ```swift
/// @main struct Trainer {
///   static func main() async throws {
///     try Headrace.bootstrap()
///     ...
///     var batches = try runPipelineInSubprocess(Digits(shard: path))
///   }
/// }
/// ```
///
/// To be called before anything that starts a thread, a `Task` or a Dispatch queue: in the first line of `main`, which
/// may be `async`. Workers see the environment and the open files of this moment, and the current directory of the
/// moment in which they are asked for. A second call does nothing.
///
/// - Throws: `forkUnsafe` when the process is warm already; `systemCall`.
/// - Complexity: one fork, of a process that is small as yet.
public func bootstrap() throws(HeadraceError) {
  try ForkServer.start()
}
