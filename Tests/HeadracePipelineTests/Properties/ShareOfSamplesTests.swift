import HeadraceCore
import HeadracePipeline
import Testing

/// `skip(fraction:)` is a fraction of the samples that a stage has worked on, whatever comes out of it.
@Suite struct ShareOfSamplesTests {
  @Test func theShareOfAFlatMapIsOfItsSamples() throws {
    let pipeline = Pipeline(from: 0..<20)
      .flatMap("open", onFailure: .skip(fraction: 0.05)) { number throws -> [Int] in
        if number < 2 { throw Mishap() }
        return Array(repeating: number, count: 50)
      }
    // Two of 20 samples are more than a twentieth, though of 900 results they are not.
    #expect(try pipeline.outcome().error?.code == .tooManyFailures)
  }

  @Test func theShareOfAGroupingStageIsOfItsSamples() throws {
    let pipeline = Pipeline(from: 0..<1000)
      .bucketByLength(boundaries: [], batchSizes: [100], onFailure: .skip(fraction: 0.01)) { number throws -> Int in
        if number == 500 { throw Mishap() }
        return 1
      }
    // One of 1,000 samples is less than a hundredth, though of 10 arrays it is not.
    #expect(try pipeline.outcome().error == nil)
  }
}
