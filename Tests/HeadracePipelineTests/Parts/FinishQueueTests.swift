import HeadraceCore
import Testing

@testable import HeadracePipeline

@Suite struct FinishQueueTests {
  /// What leaves at once: batches, and an error's text.
  private func leaving(_ queue: inout FinishQueue<Int>) -> [String] {
    var left: [String] = []
    while let next = queue.leaveNext() {
      switch next {
      case .batch(let batch): left.append("\(batch)")
      case .failure(let error):
        left.append(error.message)
        return left
      }
    }
    return left
  }

  /// Four batches, finished in each of the 24 orders; none, or each of them, fails; an error is decided after them or
  /// not.
  @Test(arguments: [nil, 0, 1, 2, 3], [false, true])
  func batchesLeaveInTheirOrderUpToTheFirstErrorInWhateverOrderTheyAreFinished(failing: Int?, hasError: Bool) {
    for order in permutations(4) {
      var queue = FinishQueue<Int>()
      for batch in 0..<4 { queue.add(batch) }
      for number in 0..<4 {
        let next = queue.takeNext()
        #expect(next?.number == number && next?.batch == number)
      }
      #expect(queue.takeNext() == nil)
      if hasError { queue.fail(HeadraceError(.stageFailed, "after")) }
      var all = (0..<(failing ?? 4)).map(String.init)
      if failing != nil { all.append("within") } else if hasError { all.append("after") }
      var left: [String] = []
      for (done, number) in order.enumerated() {
        queue.finished(number, number == failing ? HeadraceError(.stageFailed, "within") : nil)
        left += leaving(&queue)
        // As many as are finished without a gap from the first on.
        let finished = Set(order[...done])
        let count = (0..<4).prefix { finished.contains($0) }.count
        #expect(left == Array(all.prefix(count == 4 ? all.count : count)))
        #expect(queue.isFailing == (hasError || failing.map { finished.contains($0) } ?? false))
        if left.last == "within" { break }
      }
      #expect(left == all)
      if failing == nil { #expect(queue.isEmpty) }
    }
  }

  @Test func anErrorWithNothingBeforeItLeavesAtOnceAndTheFirstCounts() {
    var queue = FinishQueue<Int>()
    queue.fail(HeadraceError(.stageFailed, "first"))
    queue.fail(HeadraceError(.stageFailed, "second"))
    #expect(!queue.isEmpty && queue.isFailing)
    #expect(leaving(&queue) == ["first"])
    #expect(queue.isEmpty && queue.isFailing)
  }

  @Test func numbersGoOnWhenBatchesHaveLeft() {
    var queue = FinishQueue<Int>()
    for batch in 0..<100 {
      queue.add(batch)
      queue.add(1000 + batch)
      let (first, second) = (queue.takeNext(), queue.takeNext())
      queue.finished(second!.number)
      #expect(leaving(&queue) == [])
      queue.finished(first!.number)
      #expect(leaving(&queue) == ["\(batch)", "\(1000 + batch)"])
      #expect(queue.isEmpty)
    }
  }
}
