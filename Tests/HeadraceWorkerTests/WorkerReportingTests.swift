import Dispatch
import Headrace
import HeadraceTestSupport
import Synchronization
import Testing

@Suite struct WorkerReportingTests {
  @Test func aWorkerCallsHooksAndReportsEachEpoch() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let reports = Mutex<[StatisticsReport]>([])
    let calls = Atomic<Int>(0)
    let arrived = DispatchSemaphore(value: 0)
    let spec = BatchSpec(size: 4, TensorSpec("x", .int64))
    let pipeline = Pipeline(from: 0..<8).map("work") { $0 * 2 }.batch(spec) { value, row in
      try row.write(Int64(value), to: "x")
    }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 2, epochs: 2, placement: .sameProcess,
      hooks: RunHooks(task: { event in
        if event.stage == "work", case .ended(.done, _) = event.phase { calls.add(1, ordering: .relaxed) }
      }),
      reporting: .everyEpoch { report in
        reports.withLock { $0.append(report) }
        arrived.signal()
      })
    for _ in 1...2 {
      var count = 0
      while try batches.next() != nil { count += 1 }
      #expect(count == 2)
      arrived.wait()
    }
    #expect(calls.load(ordering: .relaxed) == 16)
    #expect(reports.withLock { $0.map { $0.interval[1].taskCount }.reduce(0, +) } == 16)
    #expect(reports.withLock { $0.last?.total.last?.taskCount } == 16)
  }
}
