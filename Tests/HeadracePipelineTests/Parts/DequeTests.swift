import Testing

@testable import HeadracePipeline

@Suite struct DequeTests {
  /// Calls `body` with a deque of the numbers from 0 for each capacity, place of the first element and count.
  private func withEveryLayout(_ body: (_ deque: inout Deque<Int>, _ count: Int) throws -> Void) rethrows {
    for capacity in [8, 16, 32] {
      for head in 0..<capacity {
        for count in 0...capacity {
          var deque = Deque<Int>()
          for _ in 0..<capacity { deque.append(-1) }
          while !deque.isEmpty { deque.removeFirst() }
          // The capacity is full size now and the head back at 0.
          for _ in 0..<head {
            deque.append(-1)
            deque.removeFirst()
          }
          for element in 0..<count { deque.append(element) }
          try body(&deque, count)
        }
      }
    }
  }

  private func elements(_ deque: Deque<Int>) -> [Int] { (0..<deque.count).map { deque[$0] } }

  @Test func elementsComeBackInTheOrderOfAppending() {
    withEveryLayout { deque, count in
      #expect(deque.count == count)
      #expect(deque.isEmpty == (count == 0))
      #expect(deque.first == (count == 0 ? nil : 0))
      #expect(elements(deque) == Array(0..<count))
    }
  }

  @Test func appendingBeyondTheCapacityKeepsTheOrder() {
    withEveryLayout { deque, count in
      for element in count..<(count + 40) { deque.append(element) }
      #expect(elements(deque) == Array(0..<(count + 40)))
    }
  }

  @Test func removingAtEitherEndLeavesTheRest() {
    withEveryLayout { deque, count in
      var rest = Array(0..<count)
      var fromFront = true
      while !rest.isEmpty {
        if fromFront {
          deque.removeFirst()
          rest.removeFirst()
        } else {
          deque.removeLast()
          rest.removeLast()
        }
        fromFront.toggle()
        #expect(elements(deque) == rest)
      }
    }
  }

  @Test func anElementCanBeReplacedInPlace() {
    withEveryLayout { deque, count in
      for index in 0..<count { deque[index] = index + 100 }
      #expect(elements(deque) == Array(100..<(count + 100)))
    }
  }

  @Test func removedElementsAreLetGoOf() {
    let ended = Tally()
    var deque = Deque<Tracked>()
    for value in 0..<20 { deque.append(Tracked(value, ended: ended)) }
    deque.removeFirst()
    deque.removeLast()
    #expect(ended.count == 2)
    deque[0] = Tracked(100, ended: ended)
    #expect(ended.count == 3)
    deque.removeAll()
    #expect(ended.count == 21)
    #expect(deque.isEmpty)
  }
}
