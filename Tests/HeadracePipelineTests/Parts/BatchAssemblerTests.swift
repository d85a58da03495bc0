import HeadraceCore
import Testing

@testable import HeadracePipeline

@Suite struct BatchAssemblerTests {
  /// Every case of up to `samples` samples: batch size, number of samples, and which of them fail.
  private func withEveryCase(samples: Int, _ body: (_ size: Int, _ count: Int, _ failing: Set<Int>) -> Void) {
    for size in 1...4 {
      for count in 0...samples {
        for failing in subsets(count) { body(size, count, failing) }
      }
    }
  }

  /// The order in which samples are done when at most `window` are in flight: `pick` says which of those is next.
  private func order(_ count: Int, window: Int, _ pick: (_ inFlight: Int, _ step: Int) -> Int) -> [Int] {
    var inFlight = Array(0..<min(window, count))
    var next = inFlight.count
    var order: [Int] = []
    while !inFlight.isEmpty {
      order.append(inFlight.remove(at: pick(inFlight.count, order.count)))
      if next < count {
        inFlight.append(next)
        next += 1
      }
    }
    return order
  }

  private func check(
    _ bench: AssemblerBench, size: Int, count: Int, failing: Set<Int>, inOrder: Bool, _ order: [Int]
  ) {
    let survivors = (0..<count).filter { !failing.contains($0) }
    let label = "size \(size), \(count) samples, \(failing.sorted()) fail, done in order \(order)"
    #expect(bench.misreads == 0, "a row was overwritten before it was moved: \(label)")
    #expect(bench.failed.sorted() == failing.sorted(), "\(label)")
    if inOrder {
      let batches = stride(from: 0, to: survivors.count, by: size).map {
        Array(survivors[$0..<min($0 + size, survivors.count)])
      }
      #expect(bench.batches == batches, "\(label)")
      #expect(bench.failed == failing.sorted(), "\(label)")
    } else {
      #expect(bench.batches.joined().sorted() == survivors, "\(label)")
      let sizes = bench.batches.map(\.count)
      #expect(sizes.dropLast().allSatisfy { $0 == size } && sizes.allSatisfy { $0 > 0 && $0 <= size }, "\(label)")
    }
    #expect(bench.wastedRows == 0, "a batch was opened while there was room: \(label)")
    #expect(bench.openBatchesWithSamples == 0, "\(label)")
  }

  @Test(arguments: [Ordering.input, .completion])
  func survivorsAreCutIntoBatchesWhicheverSamplesFail(ordering: Ordering) {
    withEveryCase(samples: 9) { size, count, failing in
      let orders = [
        order(count, window: 1) { _, _ in 0 },
        order(count, window: 3) { inFlight, _ in inFlight - 1 },
        order(count, window: 6) { inFlight, step in (step * 5 + 1) % inFlight },
        order(count, window: 9) { inFlight, _ in inFlight - 1 },
      ]
      for order in orders {
        var bench = AssemblerBench(size: size, ordering: ordering, count: count)
        bench.run(order: order, failing: failing)
        check(bench, size: size, count: count, failing: failing, inOrder: ordering == .input, order)
      }
    }
  }

  @Test(arguments: [Ordering.input, .completion])
  func anyOrderOfCompletionGivesFullBatchesOfTheSurvivors(ordering: Ordering) {
    withEveryCase(samples: 5) { size, count, failing in
      for order in permutations(count) {
        var bench = AssemblerBench(size: size, ordering: ordering, count: count)
        bench.run(order: order, failing: failing)
        check(bench, size: size, count: count, failing: failing, inOrder: ordering == .input, order)
      }
    }
  }

  @Test func withoutFailuresNoRowIsMoved() {
    for size in 1...4 {
      for order in permutations(6) {
        var bench = AssemblerBench(size: size, ordering: .input, count: 6)
        bench.run(order: order, failing: [])
        #expect(bench.movedRows == 0)
      }
    }
  }

  @Test func aHoleTakesTheNextSampleWhenNoFurtherBatchIsOpen() {
    for ordering in [Ordering.input, .completion] {
      var assembler = BatchAssembler(size: 2, ordering: ordering)
      #expect(assembler.freeRowCount == 0)
      #expect(assembler.openBatch() == 0)
      #expect(assembler.freeRowCount == 2)
      let first = assembler.assign(position: 0)
      _ = assembler.assign(position: 1)
      #expect(assembler.freeRowCount == 0)
      assembler.failed(first.ticket, AssemblerBench.failure(0))
      #expect(assembler.freeRowCount == 1)
      #expect(assembler.assign(position: 2).location == first.location)
    }
  }

  @Test func withInputOrderTheHolesOfAnOlderBatchTakeNoSample() {
    var assembler = BatchAssembler(size: 1, ordering: .input)
    _ = assembler.openBatch()
    let first = assembler.assign(position: 0)
    _ = assembler.openBatch()
    #expect(assembler.freeRowCount == 1)
    assembler.failed(first.ticket, AssemblerBench.failure(0))
    #expect(assembler.freeRowCount == 1)
    #expect(assembler.assign(position: 1).location == RowLocation(batch: 1, row: 0))
    #expect(assembler.openBatches == [0, 1])
  }

  @Test func withCompletionOrderALaterBatchIsReadyBeforeAnEarlierOne() {
    var assembler = BatchAssembler(size: 1, ordering: .completion)
    _ = assembler.openBatch()
    _ = assembler.assign(position: 0)
    _ = assembler.openBatch()
    let second = assembler.assign(position: 1)
    assembler.filled(second.ticket)
    guard case .commit(let batch, _, let positions)? = assembler.nextStep(hasEnded: false) else {
      Issue.record("nothing is ready")
      return
    }
    #expect(batch == 1)
    #expect(positions == [1])
    #expect(assembler.nextStep(hasEnded: false) == nil)
  }

  @Test func withInputOrderNothingIsReadyBeforeTheFirstRow() {
    var assembler = BatchAssembler(size: 1, ordering: .input)
    _ = assembler.openBatch()
    _ = assembler.assign(position: 0)
    _ = assembler.openBatch()
    assembler.filled(assembler.assign(position: 1).ticket)
    #expect(assembler.nextStep(hasEnded: false) == nil)
  }
}

extension RowStep: Equatable {
  public static func == (left: Self, right: Self) -> Bool { "\(left)" == "\(right)" }
}
