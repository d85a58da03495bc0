/// Decides which desk of a pool a call gets: a pure value, tested without threads.
///
/// A call that may end its process gets one by itself, so that it ends no other call's, and there is no doubt whose
/// fault it was: the process takes no further calls, and the call waits until those that it has are done.
struct DeskAllotment {
  /// A call that waits for its turn.
  struct Ticket: Hashable {
    fileprivate let number: Int
    fileprivate let isAlone: Bool
  }

  private let threadCount: Int
  private var isFree: [Bool]
  private var waiting: [Ticket] = []
  private var ticketCount = 0
  /// Processes that are a single call's, or are kept for one, by its ticket.
  private var alone: [Int: Ticket] = [:]

  init(processes: Int, threads: Int) {
    threadCount = threads
    isFree = Array(repeating: true, count: processes * threads)
  }

  private var processCount: Int { isFree.count / threadCount }
  private func desks(of process: Int) -> Range<Int> { (process * threadCount)..<((process + 1) * threadCount) }
  private func freeCount(_ process: Int) -> Int { desks(of: process).count { isFree[$0] } }

  /// A call wants a desk: see `take`.
  ///
  /// - Parameter alone: whether it is to have its process by itself.
  mutating func enter(alone isAlone: Bool) -> Ticket {
    ticketCount += 1
    let ticket = Ticket(number: ticketCount, isAlone: isAlone)
    waiting.append(ticket)
    return ticket
  }

  /// The calls that get a desk now, with the desk.
  ///
  /// - Parameters:
  ///   - limit: calls that may have a desk at one time, at least 1.
  ///   - isThere: whether there is a process, by its number: others have the calls as long as there is another.
  ///   - isRefused: whether the system refuses that process, so that nobody knows when it will be there: calls rather
  ///     wait for a desk of another.
  mutating func allot(
    limit: Int = .max, isThere: (Int) -> Bool = { _ in true }, isRefused: (Int) -> Bool = { _ in false }
  ) -> [(ticket: Ticket, desk: Int)] {
    var given: [(ticket: Ticket, desk: Int)] = []
    let room = max(limit - isFree.count { !$0 }, 0)
    for ticket in waiting {
      guard given.count < room else { break }
      guard let desk = ticket.isAlone ? deskAlone(ticket, isThere, isRefused) : anyDesk(isThere, isRefused) else {
        continue
      }
      isFree[desk] = false
      given.append((ticket, desk))
    }
    waiting.removeAll { ticket in given.contains { $0.ticket == ticket } }
    return given
  }

  /// A call has come to its end.
  mutating func giveBack(_ desk: Int, _ ticket: Ticket) {
    isFree[desk] = true
    if ticket.isAlone { alone[desk / threadCount] = nil }
  }

  /// Of the process that has the most free, so that all have as much to do.
  private func anyDesk(_ isThere: (Int) -> Bool, _ isRefused: (Int) -> Bool) -> Int? {
    let process = freest(isThere, isRefused)
    return process.flatMap { desks(of: $0).first { isFree[$0] } }
  }

  /// Keeps a process for the call as soon as one is no other call's, and gives it a desk once all are free.
  private mutating func deskAlone(
    _ ticket: Ticket, _ isThere: (Int) -> Bool, _ isRefused: (Int) -> Bool
  ) -> Int? {
    let kept = (0..<processCount).first { alone[$0] == ticket }
    guard let process = kept ?? freest(isThere, isRefused) else { return nil }
    alone[process] = ticket
    return freeCount(process) == threadCount ? desks(of: process).first : nil
  }

  /// The process with the most free desks that is no single call's, of those that are there and have one.
  private func freest(_ isThere: (Int) -> Bool, _ isRefused: (Int) -> Bool) -> Int? {
    // Looked at once, since it may change meanwhile. Where all are refused one of them is as good as another.
    let permitted = (0..<processCount).filter { !isRefused($0) }
    let open = (permitted.isEmpty ? Array(0..<processCount) : permitted).filter {
      alone[$0] == nil && freeCount($0) > 0
    }
    let there = open.filter(isThere)
    return (there.isEmpty ? open : there).max { freeCount($0) < freeCount($1) }
  }
}
