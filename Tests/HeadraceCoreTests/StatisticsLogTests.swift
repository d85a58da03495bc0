import HeadraceCore
import Testing

@Suite struct StatisticsLogTests {
  @Test func eachStageIsALineAndItsQueueAnother() {
    let stages = [
      StageStatistics(
        name: "source", concurrency: 1, taskCount: 1, elapsedSeconds: 2, taskSeconds: 0.5, taskSecondsP90: 0.5,
        taskSecondsP99: 0.5, busy: 0.25, starved: 0.75),
      StageStatistics(
        name: "decode", concurrency: 2, taskCount: 1_234, failureCount: 3, filteredCount: 20, retryCount: 4,
        timeoutCount: 5, quarantinedCount: 6, elapsedSeconds: 2, taskSeconds: 1.4808, taskSecondsP50: 0.001,
        taskSecondsP90: 0.002, taskSecondsP99: 0.0031, busy: 0.74, blocked: 0.2, starved: 0.06,
        output: QueueStatistics(
          itemCount: 1_211, byteCount: 12_110_000, elapsedSeconds: 2, putSeconds: 0.1211, putSecondsP90: 0.0002,
          putSecondsP99: 0.0003, getSeconds: 0.2422, getSecondsP90: 0.0004, getSecondsP99: 0.0005, queueSeconds: 3.633,
          occupancy: 0.97)),
    ]
    let log = StatisticsLog(stages)
    #expect(
      log.lines == [
        "source: completed 1 task (0 failed). Mean 500.0 ms, p90 500.0 ms, p99 500.0 ms; busy 25 %, blocked 0 %,"
          + " starved 75 %.",
        "decode x2: completed 1,234 tasks (3 failed, 20 filtered, 4 retried, 5 timed out, 6 quarantined). Mean 1.2 ms,"
          + " p90 2.0 ms, p99 3.1 ms; busy 74 %, blocked 20 %, starved 6 %.",
        "decode queue: passed 1,211 items in 2.00 s (606/s, 6.1 MB/s). Put wait 100.0 us (p90 200.0 us, p99 300.0 us),"
          + " get wait 200.0 us (p90 400.0 us, p99 500.0 us), queue wait 3.0 ms; occupancy 97 %.",
      ])
    #expect("\(log)" == log.lines.joined(separator: "\n"))
  }

  @Test func withoutBytesThereIsNoRateOfThem() {
    let stage = StageStatistics(
      name: "s", concurrency: 1, output: QueueStatistics(itemCount: 4, elapsedSeconds: 2))
    #expect(StatisticsLog([stage]).lines.last?.contains("in 2.00 s (2/s).") == true)
  }
}
