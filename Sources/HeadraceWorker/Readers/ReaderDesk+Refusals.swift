import HeadraceCore
import HeadraceRing

/// What is said to those who do not get a place.
extension ReaderDesk {
  private var path: String { facts.readers.path }

  var otherVersion: HeadraceError {
    HeadraceError(
      .incompatibleRing,
      "The loader at \(path) has rings of layout version \(RingLayout.version), and whoever wants to read another;"
        + " build both programs from one version.")
  }

  func isThrough(_ limit: Int) -> HeadraceError {
    HeadraceError(
      .notFound, "The loader at \(path) is through with its \(HumanUnits.count(limit, "epoch")); start another.")
  }

  func noPlace(_ wanted: Int?) -> HeadraceError {
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

  func strangerError(_ guest: ReaderGuest) -> HeadraceError {
    HeadraceError(
      .invalidArgument,
      "The loader at \(path) is another user's than process \(guest.processID), which is of user"
        + " \(guest.socket.peerUserID.map(String.init) ?? "unknown"); run readers as the user who has started it.")
  }

  func silenceError(_ guest: ReaderGuest) -> HeadraceError {
    HeadraceError(
      .timedOut,
      "Process \(guest.processID) has connected to the loader at \(path), and not asked for a place within"
        + " \(Double(patience / 1_000_000) / 1000) s; attach again.")
  }

  func crowdError(_ guest: ReaderGuest) -> HeadraceError {
    HeadraceError(
      .limitExceeded,
      "Process \(guest.processID) has connected to the loader at \(path), and gives way to others before it has asked"
        + " for a place: there is room for \(Self.silentLimit) like it at most, and fewer where the supervisor is at"
        + " its limit of open files (ulimit -n). Attach again.")
  }
}
