import HeadraceCore
import Testing

@Suite struct StatisticsTableTests {
  @Test func statisticsArePrintedAsTwoAlignedTables() {
    let stages = [
      StageStatistics(
        name: "source", concurrency: 1, taskCount: 57_504, elapsedSeconds: 2, taskSeconds: 0.0115,
        taskSecondsP50: 0.2e-6, taskSecondsP90: 0.3e-6, taskSecondsP99: 0.9e-6, busy: 0.04, blocked: 0.96),
      StageStatistics(
        name: "decode", concurrency: 12, taskCount: 6_098, failureCount: 3, filteredCount: 20, elapsedSeconds: 2,
        taskSeconds: 4.2, taskSecondsP50: 0.6e-3, taskSecondsP90: 1e-3, taskSecondsP99: 1.1e-3, busy: 0.99,
        blocked: 0.004, starved: 0.006),
      StageStatistics(name: "batch", concurrency: 1),
    ]
    #expect(
      StatisticsTable(stages).description == """
        stage       tasks/s   tasks  failed  filtered
        source       28,752  57,504       0         0
        decode x12    3,049   6,098       3        20
        batch             0       0       0         0

        stage           mean       p50     p99  busy  blocked  starved
        source        0.2 us    0.2 us  0.9 us   4 %     96 %      0 %
        decode x12  688.8 us  600.0 us  1.1 ms  99 %      0 %      1 %
        batch         0.0 us    0.0 us  0.0 us   0 %      0 %      0 %
        """)
  }

  /// Days of work at a rate that no loader reaches.
  @Test func noLineIsLongerThanATerminalIsWide() {
    let stage = StageStatistics(
      name: "resize-and-normalise", concurrency: 256, taskCount: 999_999_999_999, failureCount: 1_000_000,
      filteredCount: 1_000_000_000, elapsedSeconds: 100_000, taskSeconds: 3e14, taskSecondsP50: 0.9994,
      taskSecondsP90: 0.9994, taskSecondsP99: 999.99, busy: 1, blocked: 1, starved: 1)
    let lines = "\(StatisticsTable([stage]))".split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
  }

  @Test func ratesOfAStageThatHasDoneNothingAreZero() {
    let idle = StageStatistics(name: "x", concurrency: 1)
    #expect(idle.meanTaskSeconds == 0)
    #expect(idle.tasksPerSecond == 0)
  }

  @Test func theFirstColumnIsToTheLeftAndTheOthersToTheRight() {
    let table = TextTable([["a", "bb", "c"], ["long", "1", ""], ["x"]])
    #expect(table.description == "a     bb  c\nlong   1\nx")
    #expect(TextTable([]).description == "")
  }
}
