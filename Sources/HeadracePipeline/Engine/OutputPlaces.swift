/// Places that an operator has in one of its output queues, and what goes there.
struct OutputPlaces {
  private var ticket = 0
  private var count = 0
  private var outcomes: [Handover.Outcome] = []
  /// Nobody wants what comes out here.
  var isCancelled = false

  var hasRoom: Bool { isCancelled || outcomes.count < count }

  mutating func put(_ outcome: Handover.Outcome) {
    if !isCancelled { outcomes.append(outcome) }
  }

  mutating func renew(_ place: Handover.Reservation) {
    ticket = place.ticket
    count = place.count
  }

  /// What was put, the ticket of its first place, and how many places behind it are not used.
  mutating func takeAll() -> (ticket: Int, outcomes: [Handover.Outcome], unused: Int) {
    defer {
      count = 0
      outcomes = []
    }
    return (ticket, outcomes, count - outcomes.count)
  }
}
