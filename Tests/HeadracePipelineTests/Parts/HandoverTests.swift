import HeadraceCore
import Testing

@testable import HeadracePipeline

@Suite struct HandoverTests {
  typealias Queue = Handover

  static func queue(
    _ ordering: Ordering, _ policy: FailurePolicy = .raise, capacity: Int? = 8, minimum: Int = 2
  ) -> Queue {
    Queue(ordering: ordering, policy: policy, fixedCapacity: capacity, minimumCapacity: minimum)
  }

  static func value(_ number: Int) -> Queue.Outcome {
    .value(Item(position: number, label: nil, value: number))
  }

  static func failure(_ number: Int) -> Queue.Outcome {
    .failed(
      SampleFailure(
        epoch: 0, position: number, error: HeadraceError(.stageFailed, "sample \(number)", stage: "work")))
  }

  static func values(_ taken: Queue.Taken) -> [Int] { taken.items.map { typed($0.value) } }

  @Test func anyOrderOfFillingComesOutInInputOrder() {
    for count in 1...4 {
      for order in permutations(count) {
        var queue = Self.queue(.input)
        let (ticket, granted) = queue.places(count, chunk: 1)
        #expect(granted == count)
        var filled = Set<Int>()
        var seen: [Int] = []
        for place in order {
          queue.fill(ticket + place, [Self.value(place)])
          filled.insert(place)
          #expect(queue.isReady == filled.contains(seen.count))
          seen += Self.values(queue.take(9, chunk: 1))
          // All that can come out has: up to the first place that is not filled.
          #expect(seen == Array(0..<((0..<count).first { !filled.contains($0) } ?? count)))
        }
        #expect(seen == Array(0..<count))
      }
    }
  }

  @Test func completionOrderIsTheOrderOfFilling() {
    for order in permutations(4) {
      var queue = Self.queue(.completion)
      let (ticket, _) = queue.places(4, chunk: 1)
      for place in order { queue.fill(ticket, [Self.value(place)]) }
      #expect(Self.values(queue.take(9, chunk: 1)) == order)
    }
  }

  @Test(arguments: [Ordering.input, .completion])
  func placesAreBoundedWhetherTheyWaitOrAreFilled(ordering: Ordering) {
    var queue = Self.queue(ordering, capacity: 3)
    let first = queue.reserve(2, chunk: 1)
    #expect(first.count == 2)
    let second = queue.reserve(2, chunk: 1)
    #expect(second.count == 1)
    #expect(queue.reserve(1, chunk: 1).count == 0)
    queue.fill(first.ticket, [Self.value(0), Self.value(1)])
    #expect(queue.occupiedCount == 3)
    #expect(queue.reserve(1, chunk: 1).count == 0)
    let taken = queue.take(1, chunk: 1)
    #expect(Self.values(taken) == [0])
    #expect(taken.hasMore)
    #expect(taken.freedPlaces)
    #expect(queue.reserve(2, chunk: 1).count == 1)
  }

  @Test(arguments: [Ordering.input, .completion])
  func placesThatAreGivenBackCanBeReservedAgain(ordering: Ordering) {
    var queue = Self.queue(ordering, capacity: 4)
    let first = queue.reserve(4, chunk: 1)
    queue.unreserve(3)
    #expect(queue.occupiedCount == 1)
    let second = queue.reserve(2, chunk: 1)
    queue.fill(second.ticket, [Self.value(1), Self.value(2)])
    queue.fill(first.ticket, [Self.value(0)])
    #expect(Self.values(queue.take(9, chunk: 1)) == (ordering == .input ? [0, 1, 2] : [1, 2, 0]))
    #expect(queue.occupiedCount == 0)
  }

  @Test func theBoundGrowsOnlyWhileBothSidesAreQuick() {
    var queue = Self.queue(.input, capacity: nil, minimum: 6)
    #expect(queue.capacity == 6)
    queue.unreserve(queue.reserve(1, chunk: 64).count)
    #expect(queue.capacity == 6)
    _ = queue.take(1, chunk: 32)
    #expect(queue.capacity == 128)
    queue.unreserve(queue.reserve(1, chunk: 1).count)
    #expect(queue.capacity == 6)
  }

  @Test(arguments: [Ordering.input, .completion])
  func whatTheStageLeavesOutTakesNoPlaceOnceItsTurnHasCome(ordering: Ordering) {
    for kept in subsets(4) {
      var queue = Self.queue(ordering, capacity: 4)
      let (ticket, _) = queue.places(4, chunk: 1)
      queue.fill(ticket, (0..<4).map { kept.contains($0) ? Self.value($0) : .nothing })
      queue.finish(.endOfEpoch)
      #expect(queue.isReady)
      let taken = queue.take(9, chunk: 1)
      #expect(Self.values(taken) == kept.sorted())
      #expect(taken.skipped.isEmpty)
      #expect(taken.ending == .endOfEpoch)
      #expect(queue.occupiedCount == 0)
    }
  }

  @Test(arguments: [Ordering.input, .completion])
  func theEndingComesAfterTheLastSample(ordering: Ordering) {
    var queue = Self.queue(ordering)
    let (ticket, _) = queue.places(3, chunk: 1)
    queue.finish(.endOfEpoch)
    #expect(!queue.isReady)
    #expect(queue.take(9, chunk: 1).ending == nil)
    queue.fill(ticket, [Self.value(0), Self.value(1), Self.value(2)])
    let first = queue.take(2, chunk: 1)
    #expect(first.ending == nil)
    #expect(first.hasMore)
    let last = queue.take(1, chunk: 1)
    #expect(Self.values(last) == [2])
    #expect(last.ending == .endOfEpoch)
    #expect(!last.hasMore)
  }

  @Test func theFirstEndingCounts() {
    var queue = Self.queue(.input)
    let error = HeadraceError(.sourceFailed, "gone")
    queue.finish(.failure(error))
    queue.finish(.endOfEpoch)
    #expect(queue.isReady)
    #expect(queue.take(1, chunk: 1).ending == .failure(error))
  }
}
