import HeadraceCore
import HeadraceRing
import HeadraceSystem
import HeadraceTestSupport

@testable import HeadraceWorker

/// A desk for readers without a loader, whose turns a test takes.
final class ReaderOffice {
  private let folder: TemporaryFolder
  let ring: Ring
  let desk: ReaderDesk
  var path: String { folder.file("s") }

  init(places: Int = 2, patience: UInt64 = 1 << 60) throws {
    folder = try TemporaryFolder()
    let geometry = try RingGeometry(
      slotCount: 2, maximumRows: 1, payloadByteCount: 64, readerCount: places, sharing: .firstCome)
    ring = try Ring(geometry, hasReader: false)
    let readers = Readers(count: places, sharing: .firstCome, path: folder.file("s"))
    desk = ReaderDesk(
      try readers.listen(), ring, LoaderFacts(geometry: geometry, stages: [], epochLimit: nil, readers: readers),
      patience: patience)
  }

  /// Takes turns until nothing is left to do at this moment.
  func settle() {
    while true {
      let ready = Poll.wait(anyOf: desk.descriptors, until: 0)
      _ = desk.attend(ready)
      if ready.isEmpty { return }
    }
  }

  /// Processes that have a place.
  var readerCount: Int { (0..<ring.geometry.readerCount).count { ring.readerProcessID($0) != nil } }

  /// Somebody who has connected.
  final class Visitor {
    let socket: MessageSocket

    init(_ path: String) throws { socket = try ListeningSocket.connect(to: path) }

    func ask() throws { try socket.send(try JSONText.encode(ReaderRequest())) }

    /// What it has been told by now: a word for a place, else the error's code and text.
    var answer: String {
      guard Poll.wait(socket.descriptor.number, until: 0).first else { return "nothing" }
      for _ in 0..<2 {
        guard let message = try? socket.receive() else { continue }
        switch try? JSONText.decode(ReaderReply.self, from: message.content) {
        case .welcome?: return "welcome"
        case .refused(let error)?: return "\(error.code) \(error.message)"
        case nil: return "what cannot be read"
        }
      }
      return "end"
    }
  }

  func visitor() throws -> Visitor { try Visitor(path) }
}
