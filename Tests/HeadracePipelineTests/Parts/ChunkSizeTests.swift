import Testing

@testable import HeadracePipeline

@Suite struct ChunkSizeTests {
  @Test func quickSamplesAreTakenInChunksThatDouble() {
    var size = ChunkSize()
    var seen = [size.count]
    for _ in 0..<8 {
      size.adapt(samples: size.count, nanoseconds: UInt64(size.count) * 100)
      seen.append(size.count)
    }
    #expect(seen == [1, 2, 4, 8, 16, 32, 64, 64, 64])
  }

  @Test func oneSlowChunkBringsItBackToOneSample() {
    var size = ChunkSize()
    for _ in 0..<8 { size.adapt(samples: size.count, nanoseconds: 0) }
    #expect(size.count == ChunkSize.maximum)
    size.adapt(samples: 64, nanoseconds: 64_000_000)
    #expect(size.count == 1)
  }

  @Test func aChunkTakesAboutTheTargetTime() {
    for perSample in [1_000, 3_000, 10_000, 24_000, 60_000, 1_000_000] as [UInt64] {
      var size = ChunkSize()
      for _ in 0..<10 { size.adapt(samples: size.count, nanoseconds: UInt64(size.count) * perSample) }
      #expect(size.count == max(1, min(64, Int(ChunkSize.targetNanoseconds / perSample))))
    }
  }

  @Test func aChunkOfNoSamplesTeachesNothing() {
    var size = ChunkSize()
    size.adapt(samples: 1, nanoseconds: 100)
    size.adapt(samples: 0, nanoseconds: 1_000_000_000)
    #expect(size.count == 2)
  }
}
