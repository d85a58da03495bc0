import HeadraceCore
import Testing

@testable import HeadracePipeline

@Suite struct BucketOperatorTests {
  /// Lengths are kinds; 9 throws, and 8 is a length below 0.
  private static func length(_ sample: AnySample) throws -> Int {
    let kind = typed(sample, as: Int.self) % 10
    if kind == 9 { throw Mishap() }
    return kind == 8 ? -1 : kind
  }

  private static func model(
    _ history: OperatorDriver.History, _ boundaries: [Int], _ sizes: [Int], _ partial: PartialGroup
  ) -> [OperatorDriver.Output] {
    var outputs: [OperatorDriver.Output] = []
    var buckets = sizes.map { _ in [Int]() }
    for input in history.inputs {
      guard let value = input.value else {
        outputs.append(.mark)
        continue
      }
      if input.kind > 7 {
        outputs.append(.failed(position: value / 10))
        continue
      }
      let bucket = boundaries.count { $0 <= input.kind }
      buckets[bucket].append(value)
      if buckets[bucket].count == sizes[bucket] {
        outputs.append(.values(buckets[bucket], position: buckets[bucket][0] / 10))
        buckets[bucket] = []
      }
    }
    if history.hasEnded, partial == .emit {
      for values in buckets where !values.isEmpty { outputs.append(.values(values, position: values[0] / 10)) }
    }
    return outputs
  }

  @Test(
    arguments: [
      ([], [2]), ([2], [1, 2]), ([0], [3, 2]), ([1, 3], [2, 1, 2]), ([1, 2], [1, 2, 3]), ([1, 2, 3], [2, 2, 2, 2]),
    ] as [([Int], [Int])], [PartialGroup.emit, .drop])
  func eachBucketHoldsItsRangeOfLengthsAndLeavesWhenFull(_ bounds: ([Int], [Int]), _ partial: PartialGroup) throws {
    let (boundaries, sizes) = bounds
    let alphabet: [InputEvent] = [.item(kind: 0), .item(kind: 1), .item(kind: 2), .item(kind: 3), .mark, .bad]
    try withEveryScript(of: alphabet, upTo: 4) { script in
      let left = try OperatorDriver.play(
        script, { BucketOperator(boundaries: boundaries, sizes: sizes, partial: partial, length: Self.length) }
      ) { Self.model($0, boundaries, sizes, partial) }
      #expect(left == 0)
    }
  }

  @Test func everyLengthFindsItsBucket() throws {
    for boundaries in [[], [4], [0, 7], [1, 2, 3, 5, 6], [-3, 0, 2, 7, 9, 11]] {
      for kind in 0..<8 {
        let script = [InputEvent.item(kind: kind)]
        // The size of a bucket tells which it is: only bucket `expected` is full with one.
        let expected = boundaries.count { $0 <= kind }
        let sizes = (0...boundaries.count).map { $0 == expected ? 1 : 2 }
        try OperatorDriver.play(
          script, { BucketOperator(boundaries: boundaries, sizes: sizes, partial: .drop, length: Self.length) }
        ) { $0.inputs.isEmpty ? [] : [.value(kind)] }
      }
    }
  }

  @Test func aLengthBelowZeroFailsItsSampleAlone() throws {
    try withEveryScript(of: [.item(kind: 0), .item(kind: 8)], upTo: 6) { script in
      try OperatorDriver.play(script, { BucketOperator(boundaries: [1], sizes: [2, 2], length: Self.length) }) {
        Self.model($0, [1], [2, 2], .emit)
      }
    }
    var bucket = BucketOperator(boundaries: [1], sizes: [2, 2], length: Self.length)
    #expect {
      try bucket.receive(Item(position: 0, label: nil, value: 8), from: 0, now: 0)
    } throws: {
      "\($0)" == "A sample cannot have a length of -1; the closure must give 0 or more."
    }
  }

  @Test(
    arguments: [
      (
        [10, 20], [1, 2],
        "There must be one batch size more than boundaries, one for each bucket; these are 2 boundaries and 2 batch"
          + " sizes."
      ),
      (
        [10], [1],
        "There must be one batch size more than boundaries, one for each bucket; these are 1 boundary and 1 batch size."
      ),
      ([20, 10], [1, 2, 3], "Boundary 10 comes after 20; boundaries must ascend."),
      ([10, 10], [1, 2, 3], "Boundary 10 comes after 10; boundaries must ascend."),
      ([10], [1, 0], "A batch size of 0 is not possible; it must be 1 or more."),
    ])
  func mistakesAreTold(_ boundaries: [Int], _ sizes: [Int], _ text: String) {
    #expect(BucketOperator.mistake(boundaries: boundaries, sizes: sizes) == text)
  }

  @Test func boundariesThatAscendAreRight() {
    #expect(BucketOperator.mistake(boundaries: [], sizes: [1]) == nil)
    #expect(BucketOperator.mistake(boundaries: [1, 5, 100], sizes: [4, 3, 2, 1]) == nil)
  }
}
