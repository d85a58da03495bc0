import HeadraceCore
import Testing

@testable import HeadracePipeline

@Suite struct ShuffleOperatorTests {
  private func random(_ seed: UInt64, epoch: Int = 0) -> CounterRandom {
    CounterRandom(seed: seed, epoch: epoch, stage: "shuffle")
  }

  /// The positions in the order in which they leave.
  private func order(_ count: Int, size: Int, _ random: CounterRandom) throws -> [Int] {
    var order: [Int] = []
    try OperatorDriver.play(
      Array(repeating: .item(kind: 0), count: count), { ShuffleOperator(size: size, random: random) }
    ) { history in
      let outputs = Self.model(history, size: size, random)
      order = outputs.map { if case .values(_, let position) = $0 { position } else { -1 } }
      return outputs
    }
    return order
  }

  /// Keeps what waits in an array, and removes one of it whenever it is too long; at the end all.
  private static func model(
    _ history: OperatorDriver.History, size: Int, _ random: CounterRandom
  ) -> [OperatorDriver.Output] {
    var waiting: [Int] = []
    var outputs: [OperatorDriver.Output] = []
    var count = 0
    func choose() -> Int {
      defer { count += 1 }
      return random.number(below: waiting.count, at: count)
    }
    for input in history.inputs {
      if let value = input.value {
        if waiting.count < size {
          waiting.append(value)
        } else {
          let place = choose()
          outputs.append(.value(waiting[place]))
          waiting[place] = value
        }
      } else {
        outputs.append(.mark)
      }
    }
    if history.hasEnded {
      while !waiting.isEmpty {
        let place = choose()
        outputs.append(.value(waiting[place]))
        waiting[place] = waiting[waiting.count - 1]
        waiting.removeLast()
      }
    }
    return outputs
  }

  @Test(arguments: 1...4)
  func fillsItsBufferThenHandsOnOneForEachThatComes(_ size: Int) throws {
    try withEveryScript(of: [.item(kind: 0), .mark], upTo: 7) { script in
      for seed in UInt64(0)..<2 {
        try OperatorDriver.play(script, { ShuffleOperator(size: size, random: random(seed)) }) {
          Self.model($0, size: size, random(seed))
        }
      }
    }
  }

  @Test func eachItemLeavesAShuffleOnce() throws {
    for size in 1...9 {
      for count in 0...20 {
        #expect(try order(count, size: size, random(3)).sorted() == Array(0..<count))
      }
    }
  }

  @Test func noItemLeavesEarlierThanItsBufferAllows() throws {
    for size in 1...9 {
      for (place, position) in try order(50, size: size, random(4)).enumerated() {
        #expect(position < place + size)
      }
    }
  }

  @Test func aBufferOfOneKeepsTheOrder() throws {
    #expect(try order(20, size: 1, random(5)) == Array(0..<20))
  }

  @Test func theOrderFollowsFromSeedAndEpoch() throws {
    let orders = try [
      random(1), random(2), random(1, epoch: 1), random(1, epoch: 2),
      CounterRandom(seed: 1, epoch: 0, stage: "another"),
    ].map { try order(40, size: 20, $0) }
    #expect(Set(orders).count == orders.count)
    #expect(try order(40, size: 20, random(1)) == orders[0])
  }

  /// Computed by a second implementation. Models were trained with such orders: a change of one is to be meant.
  @Test func theOrderStaysAsItIs() throws {
    #expect(try order(16, size: 8, random(17)) == [7, 1, 0, 2, 6, 4, 8, 14, 11, 15, 5, 10, 3, 13, 9, 12])
  }

  @Test func aBufferForAllMakesAllOrdersEquallyLikely() throws {
    var counts: [[Int]: Int] = [:]
    let expected = 100
    for seed in 0..<(24 * expected) { counts[try order(4, size: 4, random(UInt64(seed))), default: 0] += 1 }
    #expect(counts.count == 24)
    let deviation = counts.values.reduce(0.0) { $0 + Double(($1 - expected) * ($1 - expected)) / Double(expected) }
    // Chi-squared with 23 degrees of freedom is above 49.7 once in a thousand; the seeds are fixed.
    #expect(deviation < 49.7)
  }

  @Test func anItemIsLetGoOfWhenItHasLeft() {
    let ended = Tally()
    var shuffle = ShuffleOperator(size: 4, random: random(6))
    var received = 0
    var emitted = 0
    loop: while true {
      switch shuffle.next(now: 0) {
      case .emit: emitted += 1
      case .take where received == 12: shuffle.inputEnded(0)
      case .take:
        shuffle.receive(Item(position: received, label: nil, value: Tracked(received, ended: ended)), from: 0, now: 0)
        received += 1
      default: break loop
      }
      #expect(ended.count == emitted)
    }
    #expect(ended.count == 12)
  }
}
