import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// Where readers come and go: the supervisor's part that decides who reads.
///
/// Each reader keeps a connection. An empty message on it says that the reader is to have no further batches; its end,
/// or the end of the process, gives back what is held.
///
/// Whoever connects is not trusted to keep to that: no call here waits for a guest, nothing is read but a short text,
/// and those that ask for no place are few and do not stay.
final class ReaderDesk: Attendant {
  let ring: Ring
  let facts: LoaderFacts
  let patience: UInt64
  private var socket: ListeningSocket?
  /// In the order in which they came.
  private var guests: [ReaderGuest] = []
  /// Until when nobody is accepted, after the system has refused a further file.
  private var pausedUntil: UInt64?

  /// Guests that have not asked for a place, at most.
  static let silentLimit = 64

  /// To be used in the supervisor's process.
  ///
  /// - Parameter patience: nanoseconds after which whoever has connected has to have asked for a place.
  init(
    _ socket: consuming ListeningSocket, _ ring: Ring, _ facts: LoaderFacts, patience: UInt64 = 10_000_000_000
  ) {
    self.ring = ring
    self.facts = facts
    self.patience = patience
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

  var due: UInt64? { [pausedUntil, firstSilent?.due].compactMap(\.self).min() }

  /// Who has kept silent for longest.
  private var firstSilent: ReaderGuest? { guests.first { $0.place == nil } }

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
    // Who is let go of on the way for another's sake is not heard any more.
    for guest in guests where ready.contains(guest.socket.descriptor.number) && isThere(guest) {
      if !listen(to: guest) { remove(guest) }
    }
    let now = MonotonicClock.now
    while let guest = firstSilent, guest.due <= now { letGo(of: guest, silenceError(guest)) }
    if let due = pausedUntil, now >= due { pausedUntil = nil }
    if pausedUntil == nil, ready.contains(socketNumber) { accept() }
    return true
  }

  /// The supervisor's alone: where a child kept a connection, its end would not show to the other side.
  func letGoInChild() {
    socket = nil
    guests = []
    ring.forgetFile()
  }

  /// Nobody attaches any more, and nobody finds the path.
  func loaderHasEnded() {
    socket = nil
    ListeningSocket.removeIfDead(facts.readers.path)
  }

  private func accept() {
    do throws(Errno) {
      // So many and no more: the supervisor has to look after other things too.
      for _ in 0..<Self.silentLimit {
        guard let connection = try acceptOne() else { return }
        receive(ReaderGuest(connection, due: MonotonicClock.now.addingReportingOverflow(patience).partialValue))
      }
    } catch {
      // Who has not said what it wants gives its file to who may.
      if error.isLimitOfFiles, let guest = firstSilent { return letGo(of: guest, crowdError(guest)) }
      pausedUntil = MonotonicClock.now + 100_000_000
    }
  }

  private func acceptOne() throws(Errno) -> MessageSocket? {
    switch socket {
    case .some(let socket): try socket.accept()
    case .none: nil
    }
  }

  private func receive(_ guest: ReaderGuest) {
    guard guest.socket.isOfSameUser else { return guest.refuse(strangerError(guest)) }
    // A reader says at once what it wants: so a crowd that says nothing never keeps one out.
    guard listen(to: guest) else { return }
    guests.append(guest)
    guard guests.count(where: { $0.place == nil }) > Self.silentLimit, let first = firstSilent else { return }
    letGo(of: first, crowdError(first))
  }

  private func letGo(of guest: ReaderGuest, _ error: HeadraceError) {
    guest.refuse(error)
    remove(guest)
  }

  private func isThere(_ guest: ReaderGuest) -> Bool { guests.contains { $0 === guest } }
  private func remove(_ guest: ReaderGuest) { guests.removeAll { $0 === guest } }

  private func end(_ guest: ReaderGuest) {
    if let place = guest.place { ring.end(place: place) }
  }

  /// Hears what a guest says. Returns whether it stays.
  private func listen(to guest: ReaderGuest) -> Bool {
    var text: [UInt8]?
    do throws(Errno) {
      guard let heard = try guest.socket.receiveShort() else {
        end(guest)
        return false
      }
      text = heard
    } catch {
      if error.isEndOfPeer {
        end(guest)
        return false
      }
      // Of what cannot be read something has come at least.
      guard error.isUnreadableMessage else { return true }
    }
    if let place = guest.place {
      // Nothing else is ever said by who has a place.
      if guest.leave() { ring.leave(place: place) }
      return true
    }
    do throws(HeadraceError) {
      try admit(guest, text ?? [])
      return true
    } catch {
      guest.refuse(error)
      return false
    }
  }

  private func admit(_ guest: ReaderGuest, _ text: [UInt8]) throws(HeadraceError) {
    guard let request = try? JSONText.decode(ReaderRequest.self, from: text), request.version == RingLayout.version
    else { throw otherVersion }
    if let limit = facts.epochLimit, let position = ring.streamPosition, position.nextEpoch >= limit {
      throw isThrough(limit)
    }
    guard let place = ring.freePlace(request.place) else { throw noPlace(request.place) }
    while true {
      do {
        return try handOver(to: guest, place)
      } catch {
        end(guest)
        // Who has not said what it wants gives its file to who has.
        guard (error as? Errno)?.isLimitOfFiles == true,
          let other = guests.first(where: { $0.place == nil && $0 !== guest })
        else {
          throw HeadraceError(
            .systemCall, "The loader at \(facts.readers.path) cannot hand its ring over.", cause: "\(error)")
        }
        letGo(of: other, crowdError(other))
      }
    }
  }

  private func handOver(to guest: ReaderGuest, _ place: Int) throws {
    let own = try ProcessHandle(processID: Int32(ProcessIdentity.current.processID))
    try guest.take(place: place)
    let position = ring.join(place: place, processID: guest.processID)
    try guest.socket.send(
      try JSONText.encode(ReaderReply.welcome(facts, place: place, position: position)),
      [own.descriptor.number] + (ring.descriptors(forReader: place) ?? []))
  }
}
