import HeadraceCore
import Testing

@testable import HeadracePipeline

struct ZipOperatorTests {
  private static func zip(_ inputs: Int, isStrict: Bool = false) -> ZipOperator {
    let fail: @Sendable (ZipOperator.Mismatch) -> SampleFailure = { mismatch in
      // What it says, as a number: see `mismatch`.
      SampleFailure(
        epoch: 0, position: 100 * mismatch.shorter + 10 * mismatch.count + mismatch.longer,
        error: HeadraceError(.stageFailed, ""))
    }
    return ZipOperator(inputs: inputs, failing: isStrict ? fail : nil) { row in
      row.flatMap { $0 as? [Int] ?? [] }
    }
  }

  private static func inputs(_ lengths: [Int]) -> [[NetworkOutput]] {
    lengths.enumerated().map { input, length in (0..<length).map { .value([10 * input + $0]) } }
  }

  private static func rows(_ lengths: [Int]) -> [NetworkOutput] {
    (0..<(lengths.min() ?? 0)).map { row in .value(lengths.indices.map { 10 * $0 + row }) }
  }

  @Test func itEndsWithTheShortestInput() throws {
    try withEverySequence(of: [0, 1, 3], upTo: 3) { lengths in
      guard !lengths.isEmpty else { return }
      let network = NetworkBuilder.network(Self.zip(lengths.count), inputs: Self.inputs(lengths))
      try NetworkDriver.tryAll(network, .full) { network in
        #expect(network.output == Self.rows(lengths))
        #expect(network.failures.isEmpty)
      }
    }
  }

  @Test func ifStrictItNamesAnInputThatEndedAndOneThatHasMore() throws {
    try withEverySequence(of: [0, 1, 3], upTo: 3) { lengths in
      guard let shortest = lengths.min() else { return }
      let network = NetworkBuilder.network(Self.zip(lengths.count, isStrict: true), inputs: Self.inputs(lengths))
      try NetworkDriver.tryAll(network, .full) { network in
        #expect(network.output == Self.rows(lengths))
        guard Set(lengths).count > 1, let shorter = lengths.firstIndex(of: shortest) else {
          #expect(network.failures.isEmpty)
          return
        }
        let longer = lengths.firstIndex { $0 > shortest } ?? -1
        #expect(network.failures == [100 * shorter + 10 * shortest + longer], "\(lengths)")
      }
    }
  }

  @Test func marksStayInTheirPlaces() throws {
    let inputs: [[NetworkOutput]] = [
      [.value([0]), .value([1]), .value([2])], [.mark, .value([10]), .mark, .value([11])],
    ]
    try NetworkDriver.tryAll(NetworkBuilder.network(Self.zip(2), inputs: inputs), .full) { network in
      #expect(network.output == [.mark, .value([0, 10]), .mark, .value([1, 11])])
    }
  }

  @Test func aRowIsCalledAfterItsFirstSampleAndHoldsTheBytesOfAll() {
    var operation = Self.zip(2)
    let label = SampleLabel(SampleID(key: "a"))
    operation.receive(Item(position: 7, label: label, byteCount: 3, value: [1]), from: 0, now: 0)
    operation.receive(Item(position: 9, label: nil, byteCount: 4, value: [2]), from: 1, now: 0)
    guard case .emit(let row, to: 0) = operation.next(now: 0) else {
      Issue.record("no row")
      return
    }
    #expect(row.position == 7)
    #expect(row.label === label)
    #expect(row.byteCount == 7)
  }
}
