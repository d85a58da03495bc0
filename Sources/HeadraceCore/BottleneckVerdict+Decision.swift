extension BottleneckVerdict {
  /// Less time than this says more about the start than about the pipeline.
  public static let minimumSeconds = 1.0
  /// Fewer calls of the last stage than these say nothing.
  public static let minimumCallCount = 20
  /// A stage of which this share of calls fails is to be mended before it is tuned.
  public static let failureShare = 0.1
  /// A trainer that waits for a smaller share of the time than this has its data when it needs it.
  public static let noWaitShare = 0.05
  /// Processors, threads and hands of a stage that are at work for this share of the time are used up: the rest is the
  /// unrest of any queue.
  public static let fullShare = 0.9

  /// Judges stages by what they did. The first that applies counts:
  ///
  /// 1. There is too little to tell from: `tooEarly`.
  /// 2. A tenth of a stage's calls fail: `failures`, of the stage of which most do.
  /// 3. The trainer waits less than `noWaitShare` of the time: `trainer`. Where its wait is not known, batches tell:
  ///    one was ready nearly all the time; or, where the queue of batches tells nothing either, the last stage was
  ///    blocked for at least half of the time while all stages together were busy for less than `fullShare` of it.
  /// 4. Processors are used up (`fullShare`): `processors`, naming the stage that takes most time.
  /// 5. Threads are used up: `threads`, likewise.
  /// 6. A stage works on as many samples as it may, nearly all the time. What is before it is blocked and what is
  ///    behind it starves; if there are several, the last one lets samples out. The first stage of all: `source`;
  ///    another: `concurrency`.
  /// 7. No stage does, and the trainer waits: `uneven`. It names the last stage that had input ready for at least half
  ///    of the time while less than that its output was; if queues tell nothing, the busiest.
  ///
  /// Numbers: to keep the trainer from waiting, the loader has to be faster by 1 / (1 - `waitShare`), and so
  /// concurrency or threads are to be that much more. Never more than double at once, since then something else may be
  /// the limit; concurrency never more than free threads can serve, threads never more than processors can.
  ///
  /// - Parameters:
  ///   - stages: from the source to the batch, over one and the same time.
  ///   - threads: how many threads the pipeline has; nil if not known.
  ///   - waitShare: the share of that time for which the trainer waited for batches, 0 to 1; nil if not known.
  ///   - processorShare: the share of the machine's processors that was used in that time, 0 to 1; nil if not known.
  /// - Complexity: O(stages).
  public init(
    of stages: [StageStatistics], threads: Int? = nil, waitShare: Double? = nil, processorShare: Double? = nil
  ) {
    let loads = StageLoads(stages, threads: threads)
    guard let last = stages.last, let heaviest = loads.heaviest, last.elapsedSeconds >= Self.minimumSeconds,
      last.taskCount >= Self.minimumCallCount
    else {
      self = .tooEarly(seconds: stages.last?.elapsedSeconds ?? 0, callCount: stages.last?.taskCount ?? 0)
      return
    }
    let use = loads.threads
    if let failing = Self.failing(stages) {
      self = .failures(stage: failing.name, failureCount: failing.failureCount, callCount: failing.taskCount)
    } else if Self.keepsUp(stages, last, waitShare: waitShare) {
      self = .trainer(waitShare: waitShare, threads: use)
    } else if let processorShare, processorShare >= Self.fullShare {
      self = .processors(share: processorShare, stage: heaviest.name, stageShare: loads.shareOfHeaviest)
    } else if let count = use.count, let share = use.share, share >= Self.fullShare {
      let bound = processorShare.map { $0 > 0 ? Self.whole(Double(count) / $0, rounded: .down) : .max } ?? .max
      self = .threads(
        from: count, to: Self.raised(count, waitShare: waitShare, bound: bound), processorShare: processorShare,
        stage: heaviest.name, stageShare: loads.shareOfHeaviest)
    } else if let index = loads.lastFull(Self.fullShare) {
      let (stage, load) = (stages[index], loads.all[index])
      if index == 0 {
        self = .source(stage: stage.name, load: load.share)
        return
      }
      let free = load.holdsThreads ? use.count.map { Self.whole(Double($0) - use.active, rounded: .down) } : nil
      let bound = free.map { stage.concurrency &+ $0 } ?? .max
      self = .concurrency(
        stage: stage.name, from: stage.concurrency,
        to: Self.raised(stage.concurrency, waitShare: waitShare, bound: bound), load: load.share, threads: use)
    } else {
      let index = Self.lastBetweenFullAndEmpty(stages) ?? loads.fullest
      self = .uneven(stage: stages[index].name, load: loads.all[index].share)
    }
  }

  private static func failing(_ stages: [StageStatistics]) -> StageStatistics? {
    func share(_ stage: StageStatistics) -> Double {
      stage.taskCount > 0 ? Double(stage.failureCount) / Double(stage.taskCount) : 0
    }
    return stages.max { share($0) < share($1) }.flatMap { share($0) >= failureShare ? $0 : nil }
  }

  private static func keepsUp(_ stages: [StageStatistics], _ last: StageStatistics, waitShare: Double?) -> Bool {
    if let waitShare { return waitShare < noWaitShare }
    if last.output.itemCount > 0 { return last.output.occupancy > 1 - noWaitShare }
    // With few threads the last stage also counts as blocked while they are at work for others.
    return last.blocked >= 0.5 && stages.reduce(0) { $0 + $1.busy } < fullShare
  }

  private static func lastBetweenFullAndEmpty(_ stages: [StageStatistics]) -> Int? {
    stages.indices.last { index in
      index > 0 && stages[index - 1].output.occupancy >= 0.5 && stages[index].output.occupancy < 0.5
    }
  }

  /// At least one more. Numbers from another process can be anything: too large a sum is no reason to end the program.
  private static func raised(_ value: Int, waitShare: Double?, bound: Int) -> Int {
    let factor = waitShare.map { $0 < 0.5 ? 1 / (1 - $0) : 2 } ?? 2
    return max(value &+ 1, min(whole(Double(value) * factor, rounded: .up), bound))
  }

  /// A whole number near `value`: one that differs from it by less than a rounding error is not rounded away from it.
  static func whole(_ value: Double, rounded rule: FloatingPointRoundingRule) -> Int {
    let nearest = value.rounded()
    let result = (value - nearest).magnitude < 1e-6 ? nearest : value.rounded(rule)
    return Int(exactly: result) ?? (result > 0 ? .max : 0)
  }
}
