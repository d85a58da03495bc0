import HeadraceCore
import Testing

@testable import HeadracePipeline

@Suite struct HandoverFailureTests {
  typealias Tests = HandoverTests

  /// Lets 6 samples through, of which some fail, filled in some order and taken `step` at a time.
  private func outcome(
    failing: Set<Int>, order: [Int], policy: FailurePolicy, step: Int
  ) -> (values: [Int], skipped: [Int], ending: Ending?) {
    var queue = Tests.queue(.input, policy)
    let (ticket, _) = queue.places(order.count, chunk: 1)
    var result: (values: [Int], skipped: [Int], ending: Ending?) = ([], [], nil)
    func take() {
      while queue.isReady, result.ending == nil {
        let taken = queue.take(step, chunk: 1)
        result.values += Tests.values(taken)
        result.skipped += taken.skipped.map(\.position)
        result.ending = taken.ending
      }
    }
    for place in order {
      queue.fill(ticket + place, [failing.contains(place) ? Tests.failure(place) : Tests.value(place)])
      take()
    }
    queue.finish(.endOfEpoch)
    take()
    return result
  }

  @Test func aFailureOneTooManyEndsTheFlowAtTheSameSampleInAnyOrderOfFilling() {
    let orders = [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 1, 5, 0, 4, 2], [1, 0, 3, 2, 5, 4]]
    for failing in subsets(6) {
      for tolerated in 0...3 {
        for order in orders {
          for step in [1, 2, 6] {
            let result = outcome(
              failing: failing, order: order, policy: tolerated == 0 ? .raise : .skip(upTo: tolerated), step: step)
            let failures = failing.sorted()
            let fatal = failures.count > tolerated ? failures[tolerated] : 6
            #expect(result.values == (0..<fatal).filter { !failing.contains($0) })
            #expect(result.skipped == Array(failures.prefix(tolerated)))
            if fatal < 6 {
              let isFailure = result.ending.isFailure
              #expect(
                isFailure, "\(failing) with \(tolerated) tolerated ended with \(String(describing: result.ending))")
            } else {
              #expect(result.ending == .endOfEpoch)
            }
          }
        }
      }
    }
  }

  @Test(arguments: [Ordering.input, .completion])
  func afterAFailureTooManyWhatIsStillBeingWorkedOnIsVoid(ordering: Ordering) {
    var queue = Tests.queue(ordering)
    let first = queue.reserve(2, chunk: 1)
    let second = queue.reserve(3, chunk: 1)
    queue.fill(first.ticket, [Tests.value(0), Tests.failure(1)])
    let taken = queue.take(9, chunk: 1)
    #expect(Tests.values(taken) == [0])
    #expect(taken.ending.isFailure)
    #expect(taken.skipped.isEmpty)
    // None of this may trap, and nothing of it comes out.
    queue.fill(second.ticket, [Tests.value(2)])
    queue.unreserve(2)
    queue.finish(.endOfEpoch)
    #expect(queue.reserve(1, chunk: 1).count == 0)
    #expect(queue.isReady)
    let rest = queue.take(9, chunk: 1)
    #expect(rest.items.isEmpty)
    #expect(rest.ending == taken.ending)
  }

  @Test func withRaiseTheErrorIsTheSamplesOwn() {
    var budget = FailureBudget(.raise)
    let error = HeadraceError(.malformedImage, "cut", stage: "decode", sample: SampleID(key: "a"), cause: "zlib")
    let spent = budget.spend(error)
    #expect(spent == error)
  }

  @Test(arguments: [1, 2, 100]) func theBudgetIsExact(tolerated: Int) throws {
    var budget = FailureBudget(.skip(upTo: tolerated))
    let error = HeadraceError(.malformedImage, "cut", stage: "decode", sample: SampleID(key: "a"), cause: "zlib")
    for _ in 0..<tolerated {
      let spent = budget.spend(error)
      #expect(spent == nil)
    }
    let spent = budget.spend(error)
    let last = try #require(spent)
    #expect(last.code == .tooManyFailures)
    #expect(
      last.message
        == "\(tolerated + 1) samples failed, \(tolerated) may; raise skip(upTo:), or mend the data. The last: cut")
    #expect(last.stage == "decode")
    #expect(last.sample == SampleID(key: "a"))
    #expect(last.cause == "zlib")
    #expect(budget.failureCount == tolerated + 1)
  }

  @Test(arguments: [(115, "1 of 115 samples failed, a fraction of 0.001 may; "), (1, "1 of 1 sample failed, ")])
  func samplesAreAsManyAsThereAreOfAll(count: Int, beginning: String) {
    var budget = FailureBudget(.skip(fraction: 0.001))
    budget.pass(count - 1)
    let error = budget.spend(HeadraceError(.stageFailed, "cut")) ?? budget.atEnd()
    #expect(error?.message.hasPrefix(beginning) == true, "\(error?.message ?? "")")
  }

  @Test func theRemedyNamesThePolicyThatTheStageHas() {
    func remedy(_ policy: FailurePolicy) -> String {
      var budget = FailureBudget(policy)
      budget.pass(100)
      for _ in 0..<2 { if let spent = budget.spend(HeadraceError(.stageFailed, "cut")) { return spent.message } }
      return ""
    }
    #expect(remedy(.skip(upTo: 1)).contains("; raise skip(upTo:), or"))
    #expect(remedy(.skip(fraction: 0.001)).contains("; raise skip(fraction:), or"))
    #expect(remedy(.quarantine("bad", upTo: 1)).contains("; raise quarantine(_:upTo:), or"))
    #expect(remedy(.quarantine("bad", fraction: 0.001)).contains("; raise quarantine(_:fraction:), or"))
    #expect(remedy(.retry(times: 1, then: .quarantine("bad", upTo: 1))).contains("; raise quarantine(_:upTo:), or"))
  }

  @Test func skippingUpToNoneIsRaising() {
    var budget = FailureBudget(.skip(upTo: 0))
    let error = HeadraceError(.stageFailed, "x")
    let spent = budget.spend(error)
    #expect(spent == error)
  }
}
