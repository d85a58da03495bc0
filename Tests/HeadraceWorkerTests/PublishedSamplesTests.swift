import HeadraceRing
import Testing

@testable import HeadraceWorker

@Suite struct PublishedSamplesTests {
  private func position(_ positions: [UInt64]?, isEnded: Bool = false) -> StreamPosition {
    StreamPosition(
      epoch: 3, epochBatchCount: 1, isEnded: isEnded, hasFailed: false, positions: positions, sequence: 9)
  }

  @Test func eachIsLeftOutAsOftenAsItIsOut() {
    let samples = PublishedSamples(of: position([5, 0, 64, 5, 200, 5]))
    #expect(samples.epoch == 3)
    let asked = [5, 5, 5, 5, 0, 0, 63, 64, 65, 64, 199, 200, 201, 200, 1_000_000]
    #expect(
      asked.map(samples.take)
        == [true, true, true, false, true, false, false, true, false, false, false, true, false, false, false])
  }

  @Test func whatIsOutStaysSoHoweverOftenItIsTaken() {
    let samples = PublishedSamples(of: position([5, 0, 64, 5, 200]))
    let positions = [0, 1, 5, 63, 64, 65, 199, 200, 201, 1_000_000]
    let expected = [true, false, true, false, true, false, false, true, false, false]
    #expect(positions.map(samples.contains) == expected)
    for position in positions { _ = samples.take(position) }
    #expect(positions.map(samples.contains) == expected)
    #expect(!PublishedSamples(of: nil).contains(0))
  }

  @Test func ofAnEpochThatIsOverOrNotBegunThereAreNone() {
    #expect(PublishedSamples(of: nil).epoch == nil)
    #expect(PublishedSamples(of: position([1], isEnded: true)).epoch == nil)
    #expect(PublishedSamples(of: position([])).epoch == nil)
    #expect(PublishedSamples(of: position(nil)).epoch == nil)
  }
}
