import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// An operator tells the bytes that it holds: those that it was given, without those that have left.
@Suite struct HeldBytesTests {
  /// Random numbers of bytes go in until a random moment, then the end. Nothing is dropped.
  private func expectAllHeld(_ operation: some StreamOperator, inputs: Int = 1, seed: Int, _ name: String) {
    var operation = operation
    var random = SplitMix64(seed: seed)
    var left = Int.random(in: 0...60, using: &random)
    var held = 0
    for time in 0..<1000 {
      switch operation.next(now: UInt64(time)) {
      case .emit(let item, _): held -= item.byteCount
      case .take(let wanted, _):
        var port = Int.random(in: 0..<inputs, using: &random)
        if case .port(let one) = wanted { port = one }
        // The rows of a zip are whole at the end.
        if left <= 0, port == 0 || inputs == 1 || name == "merge" {
          for port in 0..<inputs { operation.inputEnded(port) }
          continue
        }
        left -= 1
        let item = Item(position: time, label: nil, byteCount: Int.random(in: 0...100, using: &random), value: time)
        do {
          try operation.receive(item, from: port, now: UInt64(time))
          held += item.byteCount
        } catch {
          Issue.record("\(name): \(error)")
        }
      case .fail: Issue.record("\(name) fails")
      case .end:
        #expect(held == 0, "\(name), seed \(seed)")
        return
      }
      #expect(operation.heldByteCount == held, "\(name), seed \(seed), after \(time) steps")
    }
    Issue.record("\(name) does not end, seed \(seed)")
  }

  @Test(arguments: 0..<50) func whatWasReceivedAndHasNotLeftIsHeld(seed: Int) {
    let size = seed % 12 + 1
    expectAllHeld(
      ShuffleOperator(size: size, random: CounterRandom(seed: 1, epoch: 0, stage: "s")), seed: seed, "shuffle")
    expectAllHeld(GroupOperator(maximum: size), seed: seed, "group")
    expectAllHeld(
      GroupOperator(maximum: size, window: 7, maximumOpenGroups: 2, key: { GroupKey(typed($0, as: Int.self) % 3) }),
      seed: seed, "keyed group")
    expectAllHeld(
      BucketOperator(boundaries: [10, 30], sizes: [size, 1, 3], length: { typed($0) }), seed: seed, "bucket")
    expectAllHeld(ZipOperator(inputs: 3) { $0.count }, inputs: 3, seed: seed, "zip")
    expectAllHeld(MergeOperator(inputs: 2), inputs: 2, seed: seed, "merge")
    expectAllHeld(SkipOperator(count: 0), seed: seed, "skip")
  }

  @Test func anArrayIsHeldUntilItsLastValueLeaves() throws {
    var operation = FlattenOperator(byteCount: { _ in 10 }) { array in
      let values = ReversedElements(typed(array, as: [Int].self))
      return FlattenOperator.Elements(count: 3) { values.takeNext() }
    }
    try operation.receive(Item(position: 0, label: nil, byteCount: 35, value: [1, 2, 3]), from: 0, now: 0)
    var held = [operation.heldByteCount]
    while case .emit = operation.next(now: 0) { held.append(operation.heldByteCount) }
    #expect(held == [35, 25, 15, 0])
  }
}
