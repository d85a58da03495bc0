import Testing

@testable import HeadracePipeline

@Suite struct QueueBoundsTests {
  private func edge(consumer: Int?, prefetch: Int? = nil) -> PipelineGraph.Edge {
    PipelineGraph.Edge(producer: 0, port: 0, consumer: consumer, prefetch: Prefetch(items: prefetch))
  }

  @Test func twoPlacesForEachHandOfTheBusierSide() {
    #expect(QueueBounds(edge(consumer: 1)) { [3, 5][$0] }.minimum == 10)
    #expect(QueueBounds(edge(consumer: 1)) { [7, 5][$0] }.minimum == 14)
    #expect(QueueBounds(edge(consumer: nil)) { [4][$0] }.minimum == 8)
    #expect(QueueBounds(edge(consumer: nil)) { [4][$0] }.fixed == nil)
  }

  @Test func whatIsWorkedOnComesOnTopOfAPrefetch() {
    #expect(QueueBounds(edge(consumer: 1, prefetch: 2)) { [3, 5][$0] }.fixed == 5)
  }

  @Test(arguments: [Ordering.input, .completion])
  func aQueueThatShrinksKeepsWhatItHasAndGrowsAgain(ordering: Ordering) {
    var queue = HandoverTests.queue(ordering, capacity: nil, minimum: 8)
    func grant(_ count: Int) -> Int { queue.reserve(count, chunk: 1).count }
    func take(_ count: Int) -> [Int] { HandoverTests.values(queue.take(count, chunk: 1)) }
    let place = queue.reserve(8, chunk: 1)
    #expect(place.count == 8)
    queue.setCapacity(fixed: nil, minimum: 4)
    #expect(grant(1) == 0)
    queue.fill(place.ticket, (0..<8).map(HandoverTests.value))
    #expect(take(4) == [0, 1, 2, 3])
    #expect(grant(1) == 0)
    #expect(take(1) == [4])
    #expect(grant(9) == 1)
    queue.setCapacity(fixed: nil, minimum: 6)
    #expect(grant(9) == 2)
  }
}
