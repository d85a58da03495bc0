import HeadraceCore
import Testing

@testable import HeadracePipeline

@Suite struct GroupAssemblerTests {
  private static func failure(_ position: Int) -> SampleFailure {
    SampleFailure(epoch: 0, position: position, error: HeadraceError(.stageFailed, "sample \(position)"))
  }

  /// Groups that are all in flight; samples get done in an order, and some fail. Returns the batches, by position, in
  /// the order of committing, and the failures in that of telling.
  private func run(
    _ groups: [Int], order: [Int], failing: Set<Int>, ordering: Ordering
  ) -> (batches: [[Int]], failed: [Int]) {
    var assembler = GroupAssembler(ordering: ordering)
    var position = 0
    for (number, count) in groups.enumerated() {
      #expect(assembler.freeRowCount == 0)
      #expect(assembler.openBatch(rows: count) == number)
      for row in 0..<count {
        let (ticket, location) = assembler.assign(position: position)
        #expect(ticket == position && location == RowLocation(batch: number, row: row))
        position += 1
      }
    }
    var batches: [[Int]] = []
    var failed: [Int] = []
    func follow() {
      while let step = assembler.nextStep() {
        switch step {
        case .failed(let failure): failed.append(failure.position)
        case .commit(let batch, let rows, let positions):
          let first = groups[..<batch].reduce(0, +)
          #expect(rows == positions.map { RowLocation(batch: batch, row: $0 - first) })
          batches.append(positions)
        }
      }
    }
    for ticket in order {
      if failing.contains(ticket) {
        assembler.failed(ticket, Self.failure(ticket))
      } else {
        assembler.filled(ticket)
      }
      follow()
    }
    #expect(assembler.nextStep() == nil)
    return (batches, failed)
  }

  @Test func eachGroupIsABatchInAnyOrderOfItsSamples() {
    for groups in [[1], [4], [1, 3], [2, 2], [1, 2, 1]] {
      let starts = groups.indices.map { groups[..<$0].reduce(0, +) }
      for order in permutations(groups.reduce(0, +)) {
        for bits in 0..<(1 << order.count) {
          let failing = Set((0..<order.count).filter { bits & 1 << $0 != 0 })
          let expected = zip(starts, groups).map { start, count in
            (start..<(start + count)).filter { !failing.contains($0) }
          }
          let ordered = run(groups, order: order, failing: failing, ordering: .input)
          #expect(ordered.batches == expected)
          #expect(ordered.failed == failing.sorted())
          // As they get done: by the last of each in the order.
          let unordered = run(groups, order: order, failing: failing, ordering: .completion)
          let ends = zip(starts, groups).map { start, count in
            order.lastIndex { (start..<(start + count)).contains($0) } ?? 0
          }
          #expect(unordered.batches == expected.indices.sorted { ends[$0] < ends[$1] }.map { expected[$0] })
          #expect(Set(unordered.failed) == failing && unordered.failed.count == failing.count)
        }
      }
    }
  }
}
