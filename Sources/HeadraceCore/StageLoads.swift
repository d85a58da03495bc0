/// How far each stage of a pipeline, and its threads, are used: what `BottleneckVerdict` decides by.
struct StageLoads {
  /// How far one stage is used.
  struct Load {
    /// Share of what the stage may have at work at one time, 0 to 1.
    var share: Double
    /// Threads that it held at one time, on average.
    var threads: Double
    /// Whether its calls hold a thread. Those of an async closure do not while they wait.
    var holdsThreads: Bool
  }

  /// In the order of the stages.
  let all: [Load]
  /// Threads that were at work for all stages together.
  let threads: BottleneckVerdict.ThreadUse
  private let stages: [StageStatistics]

  init(_ stages: [StageStatistics], threads count: Int?) {
    self.stages = stages
    all = stages.map { Self.load(of: $0, threads: count) }
    threads = .init(active: all.reduce(0) { $0 + $1.threads }, count: count)
  }

  private static func load(of stage: StageStatistics, threads: Int?) -> Load {
    let concurrency = Double(max(1, stage.concurrency))
    let active = stage.meanActiveCount
    // A stage that works for a share of the time, on at most so many threads, cannot have more calls at work.
    let hands = min(concurrency, Double(max(1, threads ?? .max)))
    guard active <= stage.busy * hands * 1.05 + 0.01 else {
      return Load(share: min(1, active / concurrency), threads: stage.busy, holdsThreads: false)
    }
    // Besides its calls, a stage takes and hands on; that holds a thread too.
    let held = max(active, stage.busy)
    return Load(share: min(1, (hands == 1 ? held : active) / hands), threads: held, holdsThreads: true)
  }

  /// The last stage that has at work what it may for at least this share of the time.
  func lastFull(_ share: Double) -> Int? { all.lastIndex { $0.share >= share } }

  /// The stage that comes nearest to having at work what it may.
  var fullest: Int { all.indices.max { all[$0].share < all[$1].share } ?? 0 }

  /// The stage that takes most of the threads' time.
  var heaviest: StageStatistics? {
    all.indices.max { all[$0].threads < all[$1].threads }.map { stages[$0] }
  }

  /// Its part of what all stages take, 0 to 1.
  var shareOfHeaviest: Double {
    threads.active > 0 ? (all.map(\.threads).max() ?? 0) / threads.active : 0
  }
}

extension BottleneckVerdict.ThreadUse {
  /// Threads that would do for the same work, with a quarter to spare.
  var sufficientCount: Int? {
    count.map { min($0, max(1, BottleneckVerdict.whole(active * 1.25, rounded: .up))) }
  }
}
