import HeadraceCore
import HeadraceRing
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadracePipeline
@testable import HeadraceWorker

@Suite struct RingReportTests {
  @Test func noCountStepsBackWhereSeveralThreadsWriteAtOnce() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let ring = try Ring(RingGeometry(slotCount: 2, maximumRows: 4, payloadByteCount: 4096))
    let report = RingReport(ring: ring, observer: RingObserver(ring, after: nil, log: LoaderLog.processOutlet))
    let elements = try ElementRun(
      PipelinePlan(Pipeline(from: 0..<100_000).map { $0 }), threads: 1, epochLimit: 1)
    report.run.withLock { $0 = elements.run }
    let isOver = Atomic<Bool>(false)
    try Threads.run(4) { number in
      if number == 0 {
        var count = 0
        while (try? elements.next(timeout: nil)) != nil { count += 1 }
        #expect(count == 100_000)
        return isOver.store(true, ordering: .relaxed)
      }
      if number > 1 {
        while !isOver.load(ordering: .relaxed) { report.write() }
        return
      }
      var before: [StageStatistics] = []
      while !isOver.load(ordering: .relaxed) {
        let now = StatisticsBlock(ring).read()
        for (now, before) in zip(now, before) {
          #expect(now.taskCount >= before.taskCount)
          #expect(now.elapsedSeconds >= before.elapsedSeconds)
        }
        before = now
      }
    }
    elements.stop()
    #expect(elements.awaitRest(timeout: .seconds(100)).isEmpty)
  }
}
