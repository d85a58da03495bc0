import Testing

@testable import HeadracePipeline

@Suite struct FinishQueueTests {
  /// Four batches, finished in each of the 24 orders, with each number of lanes that can have begun them.
  @Test func batchesLeaveInTheirOrderInWhateverOrderTheyAreFinished() {
    for order in permutations(4) {
      var queue = FinishQueue<Int>()
      for batch in 10..<14 { queue.add(batch) }
      for number in 0..<4 {
        let next = queue.takeNext()
        #expect(next?.number == number && next?.batch == 10 + number)
      }
      #expect(queue.takeNext() == nil)
      var left: [Int] = []
      for (done, number) in order.enumerated() {
        left += queue.finished(number)
        let finished = Set(order[...done])
        // As many as are finished without a gap from the first on.
        #expect(left == (0..<4).prefix { finished.contains($0) }.map { 10 + $0 })
        #expect(queue.isEmpty == (left.count == 4))
      }
    }
  }

  @Test func numbersGoOnWhenBatchesHaveLeft() {
    var queue = FinishQueue<Int>()
    for batch in 0..<100 {
      queue.add(batch)
      queue.add(1000 + batch)
      let (first, second) = (queue.takeNext(), queue.takeNext())
      #expect(queue.finished(second!.number) == [])
      #expect(queue.finished(first!.number) == [batch, 1000 + batch])
      #expect(queue.isEmpty)
    }
  }
}
