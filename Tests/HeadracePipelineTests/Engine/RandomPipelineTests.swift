import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

/// Many pipelines made from seeds, each against the same work done one sample after the other.
@Suite struct RandomPipelineTests {
  private func expectWholeRows(_ rig: Rig, _ random: RandomPipeline) {
    for batch in rig.sink.delivered {
      let x = batch.elements("x", as: Int64.self)
      let y = batch.elements("y", as: UInt8.self)
      let padding = batch.rowCount - batch.positions.count
      #expect(padding == 0 || (random.partial == .pad && batch.rowCount == random.size), "\(random)")
      #expect(x == batch.positions.map(Int64.init) + Array(repeating: 0, count: padding), "\(random)")
      let expected = batch.positions.flatMap { position in (0..<3).map { UInt8(truncatingIfNeeded: Int(position) + $0) }
      }
      #expect(y == expected + Array(repeating: 0, count: 3 * padding), "\(random)")
    }
  }

  @Test(arguments: 0..<8) func inInputOrderARunGivesWhatOneSampleAfterTheOtherGives(group: Int) throws {
    let watchdog = Watchdog(seconds: 300)
    defer { watchdog.cancel() }
    for seed in (group * 100)..<(group * 100 + 100) {
      let random = RandomPipeline(seed: seed, ordering: .input)
      let expected = random.expectation
      let rig = try Rig(random.pipeline, threads: random.threads, buffers: random.buffers)
      for epoch in 0..<2 {
        let outcome = rig.epoch(epoch)
        if let fatal = expected.fatal {
          #expect(outcome.error?.stage == fatal.stage, "\(random)")
          if fatal.stage != "source" {
            #expect(outcome.error?.sample == SampleID(key: "sample \(fatal.position)"), "\(random)")
          }
        } else {
          #expect(outcome == .completed, "\(random)")
        }
        #expect(rig.positions == expected.batches, "\(random)")
        expectWholeRows(rig, random)
        for index in random.stages.indices {
          let named = rig.observer.skipped.filter { $0.epoch == epoch && $0.error.stage == "s\(index)" }.map(\.position)
          // Stages in front may be ahead of the sample that ends the run.
          let end = expected.fatal?.position ?? random.count
          #expect(named.filter { $0 < end } == expected.skipped[index], "\(random)")
          #expect(named == named.sorted(), "\(random)")
        }
        #expect(rig.sink.claimedCount == 0)
        rig.sink.clear()
      }
    }
  }

  @Test(arguments: 0..<4) func inAnyOrderEverySurvivorIsDeliveredOnce(group: Int) throws {
    let watchdog = Watchdog(seconds: 300)
    defer { watchdog.cancel() }
    for seed in (group * 100)..<(group * 100 + 100) {
      let random = RandomPipeline(seed: seed, ordering: nil)
      let expected = random.expectation
      let rig = try Rig(random.pipeline, threads: random.threads, buffers: random.buffers)
      let outcome = rig.epoch()
      let delivered = rig.positions.flatMap { $0 }
      expectWholeRows(rig, random)
      #expect(Set(delivered).count == delivered.count, "\(random)")
      if expected.fatal == nil {
        #expect(outcome == .completed, "\(random)")
        #expect(rig.positions.map(\.count).sorted() == expected.batches.map(\.count).sorted(), "\(random)")
        if random.partial != .drop { #expect(delivered.sorted() == expected.batches.flatMap { $0 }, "\(random)") }
        let skipped = rig.observer.skipped.map(\.position).sorted()
        #expect(skipped == expected.skipped.flatMap { $0 }.sorted(), "\(random)")
      } else {
        #expect(outcome.error != nil, "\(random)")
      }
      #expect(rig.sink.claimedCount == 0)
    }
  }

  @Test(arguments: 0..<4) func aRunStoppedAnywhereDeliversWhatComesFirst(group: Int) throws {
    let watchdog = Watchdog(seconds: 300)
    defer { watchdog.cancel() }
    for seed in (group * 100)..<(group * 100 + 100) {
      let random = RandomPipeline(seed: seed, ordering: .input)
      let expected = random.expectation
      var generator = SplitMix64(seed: seed)
      let rig = try Rig(random.pipeline, threads: random.threads, buffers: random.buffers)
      let epoch = rig.start()
      rig.sink.publications.wait(for: Int.random(in: 0...expected.batches.count, using: &generator))
      rig.run.stop()
      _ = epoch.outcome()
      #expect(rig.positions == Array(expected.batches.prefix(rig.positions.count)), "\(random)")
      #expect(epoch.unpublishedAtRest == 0, "\(random)")
    }
  }
}
