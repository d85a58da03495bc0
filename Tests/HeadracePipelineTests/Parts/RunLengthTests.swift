import Testing

@testable import HeadracePipeline

@Suite struct RunLengthTests {
  @Test func quickSamplesAreTakenInRunsThatDouble() {
    var run = RunLength()
    var seen = [run.count]
    for _ in 0..<8 {
      run.adapt(samples: run.count, nanoseconds: UInt64(run.count) * 100)
      seen.append(run.count)
    }
    #expect(seen == [1, 2, 4, 8, 16, 32, 64, 64, 64])
  }

  @Test func oneSlowRunBringsItBackToOneSample() {
    var run = RunLength()
    for _ in 0..<8 { run.adapt(samples: run.count, nanoseconds: 0) }
    #expect(run.count == RunLength.maximum)
    run.adapt(samples: 64, nanoseconds: 64_000_000)
    #expect(run.count == 1)
  }

  @Test func aRunTakesAboutTheTargetTime() {
    for perSample in [1_000, 3_000, 10_000, 24_000, 60_000, 1_000_000] as [UInt64] {
      var run = RunLength()
      for _ in 0..<10 { run.adapt(samples: run.count, nanoseconds: UInt64(run.count) * perSample) }
      #expect(run.count == max(1, min(64, Int(RunLength.targetNanoseconds / perSample))))
    }
  }

  @Test func aRunOfNoSamplesTeachesNothing() {
    var run = RunLength()
    run.adapt(samples: 1, nanoseconds: 100)
    run.adapt(samples: 0, nanoseconds: 1_000_000_000)
    #expect(run.count == 2)
  }
}
