import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// Who is to read the batches of a loader beside the process that starts it: other processes of the same user and
/// machine, which attach by a path (`Batches.attach`).
///
/// ```swift
/// // In one process:
/// var batches = try runPipelineInSubprocess(pipeline, readers: Readers(count: 8, sharing: .partition, path: path))
/// // In seven others:
/// var batches = try Batches.attach(to: path)
/// ```
///
/// Everything is read and decoded once, whatever their number, and lies in the ring once: the memory is that of the
/// slots.
public struct Readers: Sendable, Hashable, Codable {
  /// Places for readers, 1 to 24, that of this process included.
  public var count: Int
  /// Who is to have which batch.
  public var sharing: Sharing
  /// Where to attach: a socket is made there, mode 0600, and removed at the end. At most 107 bytes.
  public var path: String
  /// Whether the process that starts the loader reads, at place 0. Else its `next` throws, and the loader runs for as
  /// long as it keeps the `Batches`.
  public var includesThisProcess: Bool
  /// Whether the first batch waits until `count` readers are there. Else whoever comes first begins alone, and who
  /// comes later begins where the others are.
  public var startsTogether: Bool
  /// How long `next` waits for readers that are missing.
  public var startTimeout: Duration

  /// Readers of one loader.
  public init(
    count: Int, sharing: Sharing, path: String, includesThisProcess: Bool = true, startsTogether: Bool = true,
    startTimeout: Duration = .seconds(300)
  ) {
    self.count = count
    self.sharing = sharing
    self.path = path
    self.includesThisProcess = includesThisProcess
    self.startsTogether = startsTogether
    self.startTimeout = startTimeout
  }

  /// - Throws: `invalidArgument`.
  func check(_ placement: Placement) throws(HeadraceError) {
    guard placement == .subprocess else {
      throw HeadraceError(
        .invalidArgument,
        "Other processes can read only what a worker in a process of its own makes; leave placement out.")
    }
    guard (1...ReaderSet.maximumCount).contains(count) else {
      throw HeadraceError(
        .invalidArgument, "readers: \(count) is not possible; it must be 1 to \(ReaderSet.maximumCount).")
    }
  }

  /// Makes the socket.
  ///
  /// - Throws: `invalidArgument` for a path that is too long or taken; `systemCall`.
  func listen() throws(HeadraceError) -> ListeningSocket {
    do throws(ListeningSocket.Refusal) {
      return try ListeningSocket(path: path)
    } catch {
      throw Self.error(error, path)
    }
  }

  /// Where the loader did not come about.
  func removeSocket() { ListeningSocket.removeIfDead(path) }

  /// Says in a new ring what it needs.
  func prepare(_ ring: Ring) {
    if startsTogether { ring.awaitedReaderCount = count }
  }

  static func error(_ refusal: ListeningSocket.Refusal, _ path: String) -> HeadraceError {
    switch refusal {
    case .tooLong(let limit):
      HeadraceError(
        .invalidArgument,
        "The path \(path) has \(path.utf8.count) bytes, and that of a socket may have \(limit); choose a shorter one.")
    case .inUse(let process):
      HeadraceError(
        .invalidArgument,
        "A loader\(process.map { " of process \($0)" } ?? "") is to be found at \(path); choose another path, or end"
          + " it."
      )
    case .noSocket:
      HeadraceError(
        .invalidArgument, "There is a file at \(path) that is no socket; choose another path, or remove it.")
    case .nobody: HeadraceError(.notFound, "The loader that was to be found at \(path) has ended.")
    case .system(let error):
      HeadraceError(.systemCall, "The socket \(path) could not be used.", cause: "\(error)")
    }
  }
}
