import Headrace
import HeadraceSystem

/// Stages that sleep, a consumer that sleeps, and how long each should wait for the others.
///
/// The law: the pace T of a pipeline is that of its slowest part, w / c of a stage that takes w with a concurrency of
/// c, or the consumer's w. Before it, a stage waits c * T - w for room after each sample; behind it, whoever takes next
/// waits T - w for something to take. A queue has something in it before the slowest part, and nothing behind it.
struct SleepingStages {
  struct Stage {
    var milliseconds: Double
    var concurrency = 1
  }

  let name: String
  let stages: [Stage]

  static let consumerMilliseconds = 30.0

  static let all = [
    SleepingStages(name: "25", stages: [Stage(milliseconds: 25)]),
    SleepingStages(name: "35", stages: [Stage(milliseconds: 35)]),
    SleepingStages(
      name: "10, 25, 40", stages: [10, 25, 40].map { Stage(milliseconds: $0) }),
    SleepingStages(
      name: "40, 25, 10", stages: [40, 25, 10].map { Stage(milliseconds: $0) }),
    SleepingStages(
      name: "10, 25, 40 x2",
      stages: [
        Stage(milliseconds: 10), Stage(milliseconds: 25), Stage(milliseconds: 40, concurrency: 2),
      ]),
    SleepingStages(
      name: "10, 25, 40 x3",
      stages: [
        Stage(milliseconds: 10), Stage(milliseconds: 25), Stage(milliseconds: 40, concurrency: 3),
      ]),
  ]

  /// What is waited at the queue behind a stage, in milliseconds for each item, and how much of the time it has
  /// something.
  struct Waits {
    var put: Double
    var get: Double
    var occupancy: Double
  }

  /// Milliseconds between two items.
  private var pace: Double {
    max(Self.consumerMilliseconds, stages.map { $0.milliseconds / Double($0.concurrency) }.max() ?? 0)
  }

  /// By the law.
  var expected: [Waits] {
    let paces = stages.map { $0.milliseconds / Double($0.concurrency) } + [Self.consumerMilliseconds]
    // The first of several that are equally slow holds up the others no more than they do themselves.
    let slowest = paces.firstIndex(of: pace) ?? 0
    return stages.indices.map { index in
      let stage = stages[index]
      if index < slowest {
        return Waits(put: Double(stage.concurrency) * pace - stage.milliseconds, get: 0, occupancy: 1)
      }
      let next = index + 1 < stages.count ? stages[index + 1] : Stage(milliseconds: Self.consumerMilliseconds)
      return Waits(put: 0, get: Double(next.concurrency) * pace - next.milliseconds, occupancy: 0)
    }
  }

  /// As it was, after the queues had time to fill.
  func measure(items: Int) throws -> [Waits] {
    var pipeline = Pipeline(from: 0..<Int.max).map("warm") { $0 }
    for (index, stage) in stages.enumerated() {
      pipeline = pipeline.map("stage \(index)", concurrency: .fixed(stage.concurrency)) { value in
        Pause.milliseconds(stage.milliseconds)
        return value
      }
    }
    var elements = try pipeline.run(threads: 8)
    func take(_ count: Int) throws {
      for _ in 0..<count {
        _ = try elements.next()
        Pause.milliseconds(Self.consumerMilliseconds)
      }
    }
    // Where a stage is a little quicker than the next, it takes some dozen items until the room between them is full.
    try take(50)
    let before = elements.statistics()
    let waitedBefore = elements.waitSeconds
    try take(items)
    let lap = zip(elements.statistics(), before).map { $0.since($1) }
    let waited = elements.waitSeconds - waitedBefore
    return stages.indices.map { index in
      let queue = lap[index + 2].output
      let isLast = index == stages.count - 1
      return Waits(
        put: queue.putSeconds / Double(max(1, queue.itemCount)) * 1e3,
        get: (isLast ? waited / Double(items) : queue.meanGetSeconds) * 1e3, occupancy: queue.occupancy)
    }
  }
}
