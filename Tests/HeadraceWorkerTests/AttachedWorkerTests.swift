import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadraceWorker

/// What a reader is told whose loader ends while it asks.
@Suite struct AttachedWorkerTests {
  /// How far the loader's side has come with the connection when it ends.
  enum Progress: CaseIterable { case connected, accepted, told, heard }

  /// Before or after the reader has asked.
  @Test(arguments: Progress.allCases, [false, true])
  func aLoaderThatEndsAtAnyMomentIsNotFound(progress: Progress, hasAsked: Bool) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    // Nothing is heard of what was not said.
    if progress == .heard && !hasAsked { return }
    let folder = try TemporaryFolder()
    let loader = Loader(try ListeningSocket(path: folder.file("s")))
    let socket = try ListeningSocket.connect(to: folder.file("s"))
    if hasAsked {
      // It may ask twice: whatever comes of the second time is what comes of the first.
      try socket.send(try JSONText.encode(ReaderRequest()))
    }
    try loader.end(progress)
    let message = try AttachedWorker.ask(socket, for: nil, at: folder.file("s"), until: .max, .seconds(60))
    let told: [UInt8]?
    switch message {
    case .some(let message): told = message.content
    case .none: told = nil
    }
    // It has said why, and that comes first.
    #expect(told == (progress == .told ? [1, 2, 3] : nil))
  }

  private final class Loader {
    private var listening: ListeningSocket?
    init(_ listening: consuming ListeningSocket) { self.listening = consume listening }

    func end(_ progress: Progress) throws {
      defer { listening = nil }
      if progress == .connected { return }
      guard let accepted = try accept() else { return }
      if progress == .told { try accepted.send([1, 2, 3]) }
      if progress == .heard { _ = try accepted.receiveShort() }
    }

    private func accept() throws(Errno) -> MessageSocket? {
      switch listening {
      case .some(let socket): try socket.accept()
      case .none: nil
      }
    }
  }
}
