import HeadraceCore
import HeadraceSystem

/// Somebody who has connected to a loader's supervisor.
final class ReaderGuest {
  let socket: MessageSocket
  /// 0 where it is in another namespace.
  let processID: Int
  /// Until when it has to have asked for a place, on `MonotonicClock`.
  let due: UInt64
  /// Nil: has not asked for one.
  private(set) var place: Int?
  /// Whether it is to have no further batches.
  private(set) var hasLeft = false
  /// Ends also where a child of the process has kept the connection open.
  private var process: ProcessHandle?

  init(_ socket: consuming MessageSocket, due: UInt64) {
    processID = socket.peerProcessID ?? 0
    self.socket = socket
    self.due = due
  }

  /// Readable once its process has ended; -1 where that cannot be told, and as long as it has no place.
  var processDescriptor: Int32 {
    switch process {
    case .some(let process): process.descriptor.number
    case .none: -1
    }
  }

  /// Gives it a place: from now on its process is looked at too.
  ///
  /// - Throws: of pidfd_open(2), also where the process has ended.
  func take(place: Int) throws(Errno) {
    if processID > 0 { process = try ProcessHandle(processID: Int32(processID)) }
    self.place = place
  }

  /// It is to have no further batches. Returns whether that is new.
  func leave() -> Bool {
    defer { hasLeft = true }
    return !hasLeft
  }

  /// Says why it is let go of. Where it is gone, or does not listen, nobody wants to know.
  func refuse(_ error: HeadraceError) {
    if let text = try? JSONText.encode(ReaderReply.refused(error)) { try? socket.send(text) }
  }
}
