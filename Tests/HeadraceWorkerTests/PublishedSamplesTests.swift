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

  @Test func ofAnEpochThatIsOverOrNotBegunThereAreNone() {
    #expect(PublishedSamples(of: nil).epoch == nil)
    #expect(PublishedSamples(of: position([1], isEnded: true)).epoch == nil)
    #expect(PublishedSamples(of: position([])).epoch == nil)
    #expect(PublishedSamples(of: position(nil)).epoch == nil)
  }
}
