import Testing

@testable import HeadraceCore

/// Which part of a loader is named, by what rule, and in which words.
@Suite struct BottleneckVerdictTests {
  /// Ten seconds of a stage that has `active` calls at work on average; all that its one call leaves is starved.
  private func stage(
    _ name: String, x concurrency: Int = 1, active: Double, busy: Double? = nil, blocked: Double = 0,
    failures: Int = 0, tasks: Int = 1_000, occupancy: Double? = nil, seconds: Double = 10
  ) -> StageStatistics {
    let busy = busy ?? min(1, active)
    return StageStatistics(
      name: name, concurrency: concurrency, taskCount: tasks, failureCount: failures, elapsedSeconds: seconds,
      taskSeconds: active * seconds, busy: busy, blocked: blocked, starved: max(0, 1 - busy - blocked),
      output: QueueStatistics(
        itemCount: occupancy == nil ? 0 : tasks, elapsedSeconds: seconds, occupancy: occupancy ?? 0))
  }

  /// Reading is quick; decoding has both of its calls at work.
  private func slowDecode(_ concurrency: Int = 2) -> [StageStatistics] {
    [
      stage("source", active: 0.04, blocked: 0.96), stage("decode", x: concurrency, active: 0.99 * Double(concurrency)),
      stage("batch", active: 0.1),
    ]
  }

  /// What is to be raised, and what bounds it: threads, or the share of processors that is used.
  struct Raise: Sendable {
    let waitShare: Double?
    let from: Int
    let bound: Double?
    let to: Int
  }

  // MARK: Each verdict, and its words

  @Test func stageWithAllItsCallsAtWorkIsToGetMore() {
    let verdict = BottleneckVerdict(of: slowDecode(), threads: 8, waitShare: 0.4)
    #expect(
      "\(verdict)" == """
        "decode" has 99 % of its concurrency at work. Raise its concurrency from 2 to 4, or make it cheaper (the 8 \
        threads are 27 % used).
        """)
    #expect(verdict.brief == "concurrency of decode from 2 to 4")
  }

  @Test func withoutANumberOfThreadsThoseAtWorkAreTold() {
    #expect(
      "\(BottleneckVerdict(of: slowDecode()))" == """
        "decode" has 99 % of its concurrency at work. Raise its concurrency from 2 to 4, or make it cheaper (2.1 \
        threads are at work).
        """)
  }

  @Test func pipelineWhoseThreadsAreAllAtWorkIsToGetMore() {
    #expect(
      "\(BottleneckVerdict(of: slowDecode(), threads: 2, waitShare: 0.9))" == """
        the pipeline's threads: all 2 are at work, 93 % of the time on "decode". Raise threads from 2 to 4 if \
        processors are free.
        """)
    #expect(
      "\(BottleneckVerdict(of: slowDecode(), threads: 2, waitShare: 0.9, processorShare: 0.48))" == """
        the pipeline's threads: all 2 are at work, 93 % of the time on "decode". Raise threads from 2 to 4 (the \
        processors are 48 % used).
        """)
    #expect(
      "\(BottleneckVerdict(of: slowDecode(1), threads: 1))".hasPrefix(
        "the pipeline's threads: the only one is at work, 88 % of the time on \"decode\". Raise threads from 1 to 2 "))
  }

  @Test func processorsThatAreUsedUpAreNamedBeforeThreads() {
    #expect(
      "\(BottleneckVerdict(of: slowDecode(), threads: 2, waitShare: 0.9, processorShare: 0.97))" == """
        the processors, which are 97 % used. Make "decode" cheaper, which takes 93 % of the stages' time, or load on \
        more processors.
        """)
  }

  @Test func sourceThatReadsAllTheTimeIsTheLimit() {
    let stages = [stage("shards", active: 0.97), stage("decode", x: 4, active: 1.2, busy: 0.8)]
    #expect(
      "\(BottleneckVerdict(of: stages, threads: 8, waitShare: 0.5))" == """
        reading: "shards" is busy 97 % of the time. Use faster storage, or fewer and larger files.
        """)
  }

  @Test func trainerThatHardlyWaitsIsTheLimit() {
    let stages = [stage("source", active: 0.1, blocked: 0.9), stage("decode", x: 4, active: 0.5, blocked: 0.5)]
    #expect(
      "\(BottleneckVerdict(of: stages, threads: 4, waitShare: 0.003))" == """
        the trainer. Loading keeps up: it waited 0.3 % of the time. Of 4 threads, 0.6 are at work: 1 would do.
        """)
    #expect(
      "\(BottleneckVerdict(of: stages, threads: 1, waitShare: 0))"
        == "the trainer. Loading keeps up: it waited 0.0 % of the time.")
  }

  /// One that waits is not, however busy its stages are not.
  @Test func trainerThatWaitsIsNotTheLimit() {
    let stages = [stage("source", active: 0.1, blocked: 0.9), stage("decode", x: 4, active: 0.5, blocked: 0.5)]
    #expect(BottleneckVerdict(of: stages, threads: 4, waitShare: 0.05).brief == "uneven")
  }

  @Test func batchesThatAreAlwaysReadySayThatTheTrainerIsTheLimit() {
    func verdict(_ occupancy: Double) -> BottleneckVerdict {
      BottleneckVerdict(of: [
        stage("source", active: 0.1, blocked: 0.9), stage("batch", active: 0.3, blocked: 0.7, occupancy: occupancy),
      ])
    }
    #expect("\(verdict(0.97))" == "the trainer. Loading keeps up: batches wait for it.")
    #expect(verdict(0.9).brief == "uneven")
  }

  @Test func lastStageThatIsBlockedSaysSoWhereNothingElseDoes() {
    let stages = [stage("source", active: 0.1, blocked: 0.9), stage("batch", active: 0.3, blocked: 0.7)]
    #expect("\(BottleneckVerdict(of: stages))" == "the trainer. Loading keeps up: batches wait for it.")
    // One thread for both: the last stage waits for it rather than for the trainer.
    let shared = [stage("source", active: 0.65, blocked: 0.35), stage("batch", active: 0.3, blocked: 0.7)]
    #expect(BottleneckVerdict(of: shared).brief == "uneven")
  }

  @Test func stageThatFailsOftenIsToBeMendedFirst() {
    let stages = [
      stage("source", active: 0.99), stage("decode", active: 0.5, failures: 1_200, tasks: 6_000),
      stage("batch", active: 0.1, failures: 500, tasks: 4_800),
    ]
    #expect(
      "\(BottleneckVerdict(of: stages, waitShare: 0))" == """
        unknown while "decode" fails: 1,200 of 6,000 calls did. Mend the data first.
        """)
    #expect(
      BottleneckVerdict(of: [stage("decode", active: 0.5, failures: 99, tasks: 1_000)], waitShare: 0).brief == "trainer"
    )
  }

  @Test func tooLittleTellsNothing() {
    #expect(
      "\(BottleneckVerdict(of: [stage("s", active: 1, seconds: 0.3)]))" == """
        unknown after 300.0 ms and 1,000 calls of the last stage: it takes 1 s and 20 calls to tell.
        """)
    #expect(
      "\(BottleneckVerdict(of: [stage("s", active: 1, tasks: 1)]))".hasPrefix("unknown after 10.00 s and 1 call of "))
    #expect(BottleneckVerdict(of: []) == .tooEarly(seconds: 0, callCount: 0))
  }

  @Test func whereNoStageIsAtItsLimitTheOneBetweenFullAndEmptyIsNamed() {
    let stages = [
      stage("source", active: 0.2, blocked: 0.8, occupancy: 0.9),
      stage("decode", x: 4, active: 2, busy: 0.8, occupancy: 0.2), stage("batch", active: 0.7, occupancy: 0.1),
    ]
    #expect(
      "\(BottleneckVerdict(of: stages, threads: 8, waitShare: 0.5))" == """
        no stage is at its limit, yet the trainer waits; "decode" comes nearest: 50 % of its concurrency is in use \
        (busy means any of it). Make it quicker, or raise slots or prefetch so that a slow sample holds up less.
        """)
    // Without queues, the busiest.
    let untold = [
      stage("source", active: 0.2), stage("decode", x: 4, active: 2, busy: 0.8), stage("batch", active: 0.7),
    ]
    #expect(BottleneckVerdict(of: untold, threads: 8, waitShare: 0.5) == .uneven(stage: "batch", load: 0.7))
  }

  // MARK: Which stage, and how much

  /// What is behind the limit starves, so of two that are at theirs the last one lets samples out.
  @Test func ofTwoStagesAtTheirLimitTheLastIsNamed() {
    let stages = [
      stage("source", active: 0.95), stage("decode", x: 2, active: 1.9), stage("augment", x: 2, active: 1.85),
      stage("batch", active: 0.2),
    ]
    #expect(BottleneckVerdict(of: stages, threads: 16).brief == "concurrency of augment from 2 to 4")
  }

  /// By as much as the trainer waits, at most double, at most what threads can serve.
  @Test(arguments: [
    Raise(waitShare: nil, from: 2, bound: 16, to: 4), Raise(waitShare: 0.5, from: 2, bound: 16, to: 4),
    Raise(waitShare: 0.1, from: 9, bound: 32, to: 10), Raise(waitShare: 0.2, from: 2, bound: 16, to: 3),
    Raise(waitShare: 0.05, from: 4, bound: 16, to: 5), Raise(waitShare: 0.99, from: 4, bound: 16, to: 8),
    Raise(waitShare: 1, from: 4, bound: 16, to: 8), Raise(waitShare: 0.99, from: 4, bound: 7, to: 6),
    Raise(waitShare: 0.99, from: 4, bound: 5, to: 5), Raise(waitShare: nil, from: 4, bound: nil, to: 8),
  ])
  func concurrencyIsRaisedByWhatTheTrainerLacks(raise: Raise) {
    let verdict = BottleneckVerdict(
      of: slowDecode(raise.from), threads: raise.bound.map { Int($0) }, waitShare: raise.waitShare)
    #expect(verdict.brief == "concurrency of decode from \(raise.from) to \(raise.to)")
  }

  /// By as much as the trainer waits, at most double, at most what processors can serve.
  @Test(arguments: [
    Raise(waitShare: 0.9, from: 4, bound: nil, to: 8), Raise(waitShare: 0.9, from: 4, bound: 0.25, to: 8),
    Raise(waitShare: 0.9, from: 4, bound: 0.8, to: 5), Raise(waitShare: 0.9, from: 4, bound: 0.89, to: 5),
    Raise(waitShare: 0.2, from: 4, bound: 0.25, to: 5), Raise(waitShare: 0.5, from: 4, bound: 0.5, to: 8),
    Raise(waitShare: nil, from: 4, bound: 0.66, to: 6), Raise(waitShare: 0.9, from: 4, bound: 0, to: 8),
  ])
  func threadsAreRaisedByWhatTheTrainerLacks(raise: Raise) {
    let verdict = BottleneckVerdict(
      of: slowDecode(raise.from), threads: raise.from, waitShare: raise.waitShare, processorShare: raise.bound)
    #expect(verdict.brief == "threads from \(raise.from) to \(raise.to)")
  }

  /// A concurrency beyond the threads is never reached: threads are the limit, not the stage.
  @Test func concurrencyBeyondTheThreadsIsNotCountedOn() {
    let stages = [stage("source", active: 0.05), stage("decode", x: 8, active: 1.9, busy: 1)]
    #expect(BottleneckVerdict(of: stages, threads: 2, waitShare: 0.5).brief == "threads from 2 to 4")
  }

  /// Calls of an async closure wait without a thread: two threads can have 60 of them at work.
  @Test func asyncCallsHoldNoThread() {
    let stages = [
      stage("source", active: 0.05), stage("fetch", x: 64, active: 63, busy: 0.3), stage("batch", active: 0.2),
    ]
    let verdict = BottleneckVerdict(of: stages, threads: 2, waitShare: 0.5)
    #expect(
      "\(verdict)" == """
        "fetch" has 98 % of its concurrency at work. Raise its concurrency from 64 to 128, or make it cheaper (the 2 \
        threads are 28 % used).
        """)
  }

  /// Its calls are quick, and taking and handing on is most of its work.
  @Test func timeBetweenTheCallsOfAStageCountsForItsThread() {
    let stages = [stage("source", active: 0.1), stage("count", active: 0.2, busy: 0.99)]
    let verdict = BottleneckVerdict(of: stages, threads: 4)
    #expect(verdict.brief == "concurrency of count from 1 to 2")
    #expect("\(verdict)".hasPrefix("\"count\" is busy 99 %. Raise its concurrency from 1 to 2, or "))
  }

  @Test func numbersThatNobodyWroteAreNoReasonToEnd() {
    var wild = stage("wild", x: .max, active: .infinity, busy: .nan)
    wild.taskSeconds = .infinity
    for stages in [[wild, wild], [stage("a", x: .min, active: .nan), wild]] {
      for share in [nil, 0, 0.5, 1, Double.nan, .infinity, -1] {
        #expect(!"\(BottleneckVerdict(of: stages, threads: .max, waitShare: share, processorShare: share))".isEmpty)
        #expect(!"\(BottleneckVerdict(of: stages, threads: 0, waitShare: share))".isEmpty)
      }
    }
  }
}

extension BottleneckVerdict {
  /// What is limited, and what is to be raised.
  fileprivate var brief: String {
    switch self {
    case .tooEarly: "tooEarly"
    case .failures: "failures"
    case .trainer: "trainer"
    case .processors: "processors"
    case .threads(let from, let to, _, _, _): "threads from \(from) to \(to)"
    case .source: "source"
    case .concurrency(let stage, let from, let to, _, _): "concurrency of \(stage) from \(from) to \(to)"
    case .uneven: "uneven"
    }
  }
}
