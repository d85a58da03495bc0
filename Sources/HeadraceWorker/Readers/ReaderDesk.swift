import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// Where readers come and go: the supervisor's part that decides who reads.
///
/// Each reader keeps a connection. An empty message on it says that the reader is to have no further batches; its end, or
/// the end of the process, gives back what is held.
final class ReaderDesk: Attendant {
  /// Somebody who has connected.
  private final class Guest {
    let socket: MessageSocket
    /// Ends also where a child of the process has kept the connection open.
    let process: ProcessHandle?
    let processID: Int
    /// Nil: has not said yet what it wants.
    var place: Int?

    init(_ socket: consuming MessageSocket) {
      processID = socket.peerProcessID ?? 0
      process = processID > 0 ? try? ProcessHandle(processID: Int32(processID)) : nil
      self.socket = socket
    }

    var processDescriptor: Int32 {
      switch process {
      case .some(let process): process.descriptor.number
      case .none: -1
      }
    }
  }

  private let ring: Ring
  private let facts: LoaderFacts
  private var socket: ListeningSocket?
  private var guests: [Guest] = []
  /// Until when nobody is accepted, after the system has refused a further file.
  private var pausedUntil: UInt64?

  /// Guests that have no place yet, at most.
  private static let queueLimit = 64

  /// To be used in the supervisor's process.
  init(_ socket: consuming ListeningSocket, _ ring: Ring, _ facts: LoaderFacts) {
    self.ring = ring
    self.facts = facts
    self.socket = consume socket
  }

  var descriptors: [Int32] {
    var numbers = pausedUntil == nil ? [socketNumber] : []
    for guest in guests {
      numbers.append(guest.socket.descriptor.number)
      if guest.processDescriptor >= 0 { numbers.append(guest.processDescriptor) }
    }
    return numbers
  }

  var due: UInt64? { pausedUntil }

  private var socketNumber: Int32 {
    switch socket {
    case .some(let socket): socket.descriptor.number
    case .none: -1
    }
  }

  func attend(_ ready: Set<Int32>) -> Bool {
    // Those first that go: their places may be wanted.
    guests.removeAll { guest in
      guard ready.contains(guest.processDescriptor) else { return false }
      end(guest)
      return true
    }
    guests.removeAll { ready.contains($0.socket.descriptor.number) && !listen(to: $0) }
    if let due = pausedUntil, MonotonicClock.now >= due { pausedUntil = nil }
    if pausedUntil == nil, ready.contains(socketNumber) { accept() }
    return true
  }

  /// Nobody attaches any more, and nobody finds the path.
  func loaderHasEnded() {
    socket = nil
    ListeningSocket.removeIfDead(facts.readers.path)
  }

  private func accept() {
    do throws(Errno) {
      while let connection = try acceptOne() {
        let guest = Guest(connection)
        if guests.count - ring.geometry.readerCount < Self.queueLimit { guests.append(guest) }
      }
    } catch {
      pausedUntil = MonotonicClock.now + 100_000_000
    }
  }

  private func acceptOne() throws(Errno) -> MessageSocket? {
    switch socket {
    case .some(let socket): try socket.accept()
    case .none: nil
    }
  }

  private func end(_ guest: Guest) {
    if let place = guest.place { ring.end(place: place) }
  }

  /// Hears what a guest says. Returns whether it stays.
  private func listen(to guest: Guest) -> Bool {
    let message: MessageSocket.Message?
    do throws(Errno) {
      message = try guest.socket.receive()
    } catch {
      // What cannot be read, such as where this process may open no further file, is no end: who has a place has said that
      // it leaves, and nothing else is ever said there. One that has gone shows by its process.
      guard !error.isEndOfPeer, let place = guest.place else {
        end(guest)
        return false
      }
      ring.leave(place: place)
      return true
    }
    guard let message else {
      end(guest)
      return false
    }
    if let place = guest.place {
      ring.leave(place: place)
      return true
    }
    do throws(HeadraceError) {
      try admit(guest, message.content)
      return true
    } catch {
      // Where it is gone nobody wants to know.
      if let text = try? JSONText.encode(ReaderReply.refused(error)) { try? guest.socket.send(text) }
      return false
    }
  }

  private func admit(_ guest: Guest, _ text: [UInt8]) throws(HeadraceError) {
    guard let request = try? JSONText.decode(ReaderRequest.self, from: text), request.version == RingLayout.version
    else {
      throw HeadraceError(
        .incompatibleRing,
        "The loader at \(facts.readers.path) has rings of layout version \(RingLayout.version), and whoever wants to read"
          + " another; build both programs from one version.")
    }
    if let limit = facts.epochLimit, let position = ring.streamPosition, position.nextEpoch >= limit {
      throw HeadraceError(
        .notFound,
        "The loader at \(facts.readers.path) is through with its \(HumanUnits.count(limit, "epoch")); start another.")
    }
    guard let place = ring.freePlace(request.place) else { throw noPlace(request.place) }
    guard let own = try? ProcessHandle(processID: Int32(ProcessIdentity.current.processID)),
      let descriptors = ring.descriptors(forReader: place)
    else {
      throw HeadraceError(.systemCall, "The loader at \(facts.readers.path) cannot hand its ring over.")
    }
    let position = ring.join(place: place, processID: guest.processID)
    guest.place = place
    do {
      try guest.socket.send(
        try JSONText.encode(ReaderReply.welcome(facts, place: place, position: position)),
        [own.descriptor.number] + descriptors)
    } catch {
      ring.end(place: place)
      guest.place = nil
      throw HeadraceError(.systemCall, "The loader could not answer.", cause: "\(error)")
    }
  }

  private func noPlace(_ wanted: Int?) -> HeadraceError {
    let path = facts.readers.path
    let count = ring.geometry.readerCount
    if let wanted, !(0..<count).contains(wanted) {
      return HeadraceError(
        .invalidArgument, "The loader at \(path) has places 0 to \(count - 1); place \(wanted) is none.")
    }
    let holders = (0..<count).filter { wanted == nil || wanted == $0 }
      .map { "\($0) process \(ring.readerProcessID($0) ?? 0)" }.joined(separator: ", ")
    return HeadraceError(
      .limitExceeded,
      wanted == nil
        ? "All \(HumanUnits.count(count, "place")) of the loader at \(path) are taken: \(holders). End one of them, or"
          + " raise Readers.count."
        : "A place of the loader at \(path) is taken: \(holders). Ask for another, or end that process.")
  }
}
