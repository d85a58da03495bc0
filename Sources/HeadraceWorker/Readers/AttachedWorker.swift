import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// The worker of a loader that another process has started. Letting go of it ends nothing.
final class AttachedWorker: Worker {
  private let supervisor: FileDescriptor
  private let ring: Ring

  private init(supervisor: consuming FileDescriptor, ring: Ring) {
    self.supervisor = supervisor
    self.ring = ring
  }

  var endDescriptor: Int32 { supervisor.number }
  var processID: Int? { ring.workerProcessID }
  /// They are another process's.
  var rootProcessID: Int? { ring.workerProcessID }
  func exitStatus() -> ExitStatus? { ring.workerDeath?.status }

  /// What has been attached to.
  struct Attachment {
    let worker: AttachedWorker
    let ring: Ring
    let facts: LoaderFacts
    let place: Int
    let position: UInt64
  }

  /// Connects, asks for a place, and takes the ring.
  ///
  /// - Parameter timeout: how long to wait for the loader to be there, and to answer.
  static func attach(to path: String, place: Int?, timeout: Duration) throws(HeadraceError) -> Attachment {
    let deadline = MonotonicClock.deadline(after: timeout) ?? .max
    let socket = try connect(to: path, until: deadline, timeout)
    // What it sends is mapped and believed.
    guard socket.isOfSameUser else {
      throw HeadraceError(
        .invalidArgument,
        "Process \(socket.peerProcessID ?? 0) of user \(socket.peerUserID.map(String.init) ?? "unknown") is to be found"
          + " at \(path), which is not the user of this process; attach as that user, or choose a path that no other"
          + " can make."
      )
    }
    do {
      guard var message = try ask(socket, for: place, at: path, until: deadline, timeout) else {
        throw HeadraceError(.notFound, "The loader at \(path) has ended before it answered.")
      }
      guard let reply = try? JSONText.decode(ReaderReply.self, from: message.content) else {
        throw HeadraceError(
          .incompatibleRing, "The loader at \(path) is of another version; build both programs from one version.")
      }
      switch reply {
      case .refused(let error): throw error
      case .welcome(let facts, let place, let position):
        guard (0..<facts.geometry.readerCount).contains(place) else {
          throw HeadraceError(
            .incompatibleRing,
            "The loader at \(path) has given place \(place) of \(facts.geometry.readerCount); build both programs from"
              + " one version.")
        }
        let supervisor = try message.takeDescriptor()
        let ring = try Ring(facts.geometry, from: &message, reader: place, connection: socket)
        return Attachment(
          worker: AttachedWorker(supervisor: supervisor, ring: ring), ring: ring, facts: facts, place: place,
          position: position)
      }
    } catch let error as HeadraceError {
      throw error
    } catch {
      throw HeadraceError(.systemCall, "The loader at \(path) could not be attached to.", cause: "\(error)")
    }
  }

  /// Asks for a place. Returns the answer; nil where the loader has ended, and has said nothing.
  static func ask(
    _ socket: borrowing MessageSocket, for place: Int?, at path: String, until deadline: UInt64, _ timeout: Duration
  ) throws -> MessageSocket.Message? {
    let request = try JSONText.encode(ReaderRequest(place: place))
    do throws(Errno) {
      try socket.send(request)
    } catch {
      // Who lets go of a connection may have said why.
      guard error.isEndOfPeer else { throw error }
    }
    guard Poll.wait(socket.descriptor.number, until: deadline).first else {
      throw HeadraceError(
        .timedOut,
        "The loader at \(path) has not answered within \(timeout); its supervisor is stopped, or its pipeline is still"
          + " being made. Raise timeout, or see what it waits for.")
    }
    // Where the connection was cut that is told first (ECONNRESET), and then what had come before.
    for _ in 0..<2 {
      do throws(Errno) {
        return try socket.receive()
      } catch {
        guard error.isEndOfPeer else { throw error }
      }
    }
    return nil
  }

  /// A loader may be started after its readers: until it is there somebody has to look for it.
  private static func connect(
    to path: String, until deadline: UInt64, _ timeout: Duration
  ) throws(HeadraceError) -> MessageSocket {
    while true {
      do throws(ListeningSocket.Refusal) {
        return try ListeningSocket.connect(to: path)
      } catch {
        guard error.mayPass else { throw Readers.error(error, path) }
        guard MonotonicClock.now < deadline else {
          throw HeadraceError(
            .notFound,
            "There has been no loader at \(path) within \(timeout); start one with readers:, or check the path.")
        }
      }
      _ = Poll.wait(-1, until: min(deadline, MonotonicClock.now + 20_000_000))
    }
  }
}

extension ListeningSocket.Refusal {
  /// Whether a loader may be there a moment later.
  fileprivate var mayPass: Bool {
    switch self {
    case .nobody: true
    case .system(let error): error.isMissingOrBusy
    case .tooLong, .inUse, .noSocket: false
    }
  }
}
