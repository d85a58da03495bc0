import Testing

@testable import HeadraceWorker

@Suite struct DeskAllotmentTests {
  /// Calls that have desks, as whoever hands them out sees them.
  private struct Office {
    let processes: Int
    let threads: Int
    /// Calls at a time; it may be lowered.
    var limit = Int.max
    var allotment: DeskAllotment
    var waiting: [(ticket: DeskAllotment.Ticket, isAlone: Bool)] = []
    var seated: [(ticket: DeskAllotment.Ticket, isAlone: Bool, desk: Int)] = []

    init(_ processes: Int, _ threads: Int) {
      (self.processes, self.threads) = (processes, threads)
      allotment = DeskAllotment(processes: processes, threads: threads)
    }

    mutating func enter(alone: Bool) {
      waiting.append((allotment.enter(alone: alone), alone))
      allot()
    }

    mutating func leave(_ place: Int) {
      let call = seated.remove(at: place)
      allotment.giveBack(call.desk, call.ticket)
      allot()
    }

    private mutating func allot() {
      for (ticket, desk) in allotment.allot(limit: limit) {
        guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else {
          Issue.record("a desk for nobody")
          return
        }
        seated.append((ticket, waiting.remove(at: place).isAlone, desk))
      }
    }

    /// What has to be so whatever happened.
    var mistake: String? {
      if Set(seated.map(\.desk)).count != seated.count { return "two calls at one desk" }
      if !seated.map(\.desk).allSatisfy((0..<(processes * threads)).contains) { return "a desk that there is not" }
      for call in seated where call.isAlone {
        if seated.count(where: { $0.desk / threads == call.desk / threads }) != 1 { return "not alone" }
      }
      return nil
    }
  }

  @Test func everyOrderOfCallsKeepsToTheRulesAndEndsWithNobodyWaiting() {
    // Each step: a call comes, one that is to be alone comes, or one of those that have desks ends.
    for (processes, threads) in [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2)] {
      for steps in 0..<Self.power(4, 7) {
        var office = Office(processes, threads)
        var code = steps
        for _ in 0..<7 {
          switch code % 4 {
          case 0: office.enter(alone: false)
          case 1: office.enter(alone: true)
          case 2: if !office.seated.isEmpty { office.leave(0) }
          default: if !office.seated.isEmpty { office.leave(office.seated.count - 1) }
          }
          code /= 4
          if let mistake = office.mistake {
            Issue.record("\(mistake): \(processes) x \(threads), steps \(steps)")
            return
          }
        }
        var rounds = 0
        while !office.seated.isEmpty, rounds < 100 {
          office.leave(0)
          rounds += 1
        }
        guard office.waiting.isEmpty, office.mistake == nil else {
          Issue.record("\(office.waiting.count) wait for ever: \(processes) x \(threads), steps \(steps)")
          return
        }
      }
    }
  }

  /// The limit is lowered after some of the calls, and nobody may have a desk beyond it from then on.
  @Test func whateverTheLimitIsLoweredToItIsKeptAndNobodyWaitsForEver() {
    for (processes, threads) in [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2)] {
      for limit in 1...(processes * threads) {
        for steps in 0..<Self.power(3, 7) {
          var office = Office(processes, threads)
          var code = steps
          for step in 0..<7 {
            if step == 3 { office.limit = limit }
            let before = office.seated.count
            switch code % 3 {
            case 0: office.enter(alone: false)
            case 1: office.enter(alone: true)
            default: if before > 0 { office.leave(0) }
            }
            code /= 3
            if step >= 3, office.seated.count > max(limit, before) || office.mistake != nil {
              Issue.record(
                "\(office.seated.count) at a time: \(processes) x \(threads), limit \(limit), steps \(steps)")
              return
            }
          }
          var rounds = 0
          while !office.seated.isEmpty, rounds < 100 {
            office.leave(0)
            rounds += 1
          }
          guard office.waiting.isEmpty, office.mistake == nil else {
            Issue.record(
              "\(office.waiting.count) wait for ever: \(processes) x \(threads), limit \(limit), steps \(steps)")
            return
          }
        }
      }
    }
  }

  @Test func callsAreSpreadOverTheProcesses() {
    var office = Office(4, 2)
    for _ in 0..<4 { office.enter(alone: false) }
    #expect(Set(office.seated.map { $0.desk / 2 }).count == 4)
    for _ in 0..<4 { office.enter(alone: false) }
    #expect(office.seated.count == 8)
    office.enter(alone: false)
    #expect(office.waiting.count == 1)
  }

  @Test func whoIsNotThereGetsACallOnlyWhereNobodyElseCan() {
    var allotment = DeskAllotment(processes: 2, threads: 2)
    let first = [allotment.enter(alone: false), allotment.enter(alone: false)]
    let given = allotment.allot { $0 == 1 }
    #expect(given.map(\.ticket) == first && given.allSatisfy { $0.desk / 2 == 1 })
    let third = allotment.enter(alone: false)
    #expect(allotment.allot { $0 == 1 }.map { $0.desk / 2 } == [0])
    allotment.giveBack(0, third)
  }

  @Test func whoIsRefusedGetsACallOnlyWhereAllAre() {
    var allotment = DeskAllotment(processes: 2, threads: 1)
    _ = allotment.enter(alone: false)
    let second = allotment.enter(alone: true)
    #expect(allotment.allot(isRefused: { $0 == 0 }).map(\.desk) == [1])
    // It has waited for that process before it waits for another.
    #expect(allotment.allot(isRefused: { _ in true }).map(\.ticket) == [second])
  }

  private static func power(_ base: Int, _ exponent: Int) -> Int { (0..<exponent).reduce(1) { sum, _ in sum * base } }
}
