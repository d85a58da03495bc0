import Glibc
import Headrace
import HeadraceSystem

/// Workers that die and are replaced, while the consumer takes batch after batch.
enum RecoveryScenarios {
  /// The consumer kills the worker after some of the batches: `recover SIGNAL KILLS EPOCHS ORDERING METHOD`.
  ///
  /// More samples fail in an epoch than the event log keeps by name.
  static func recover(_ scenario: Scenario) throws {
    let signal = Int32(scenario.number(0, 9))
    let killCount = scenario.number(1, 20)
    let epochs = scenario.number(2, 3)
    let pipeline = ServedPipeline(ordering: scenario.text(3) == "completion" ? .completion : .input)
    if scenario.text(4) == "fork-server" {
      try bootstrap()
      try ServerScenarios.warmUp()
    }
    var batches = try runPipelineInSubprocess(pipeline, threads: 3, slots: 4, epochs: epochs)
    let expected = pipeline.expected
    let badCount = pipeline.badCount
    let every = expected.count / Samples.spec.size * epochs / max(1, killCount)
    var taken = 0, kills = 0, left = 0, killed = 0
    var statistics: [StageStatistics] = []
    var onlyGrow = true
    var orders: [[Int]] = []
    for _ in 0..<epochs {
      var values: [Int] = []
      while let batch = try batches.next() {
        values += try Samples.values(batch)
        taken += 1
        let now = batches.statistics()
        for (stage, earlier) in zip(now, statistics) where stage.taskCount < earlier.taskCount { onlyGrow = false }
        statistics = now
        if taken % every == every - 1, kills < killCount {
          // Another one than was killed last.
          while batches.workerProcessID == killed || batches.restartCount < kills { sched_yield() }
          kills += 1
          killed = batches.workerProcessID ?? 0
          kill(Int32(killed), signal)
        }
      }
      left += batches.takeFailures().count
      emit("all", values.sorted() == expected)
      orders.append(values)
    }
    emit("restarts", batches.restartCount)
    emit("left_out", left == badCount * epochs ? "exact" : "\(left) of \(badCount * epochs)")
    emit("statistics_only_grow", onlyGrow)
    emit("orders", Set(orders).count)
    emit("digest", orders.map { $0.reduce(0) { ($0 &* 31) &+ $1 } }.map(String.init).joined(separator: ","))
  }

  /// How often closures are called in all, where a worker dies at the end of a long epoch: `recover-work sync|async`.
  static func work(_ scenario: Scenario) throws {
    let page = SharedPage()
    let length = 20_000
    let source = Pipeline(from: 0..<length)
    let called: @Sendable (Int) -> Int = { number in
      page.add(.reached, 1)
      return number
    }
    let mapped =
      scenario.text(0) == "async"
      ? source.map("decode", concurrency: 4) { (number: Int) async -> Int in called(number) }
      : source.map("decode", concurrency: 2, called)
    let pipeline = mapped.shuffle(size: 50, seed: 1).map("text") { String($0) }
      .batch("collate", Samples.spec) { try Samples.write(Int($0) ?? -1, to: &$1) }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, epochs: 1)
    var values: [Int] = []
    while let batch = try batches.next() {
      values += try Samples.values(batch)
      if values.count == length / 10 * 9 { kill(Int32(batches.workerProcessID ?? 0), SIGKILL) }
    }
    emit("whole", values.sorted() == Array(0..<length))
    emit("restarts", batches.restartCount)
    emit("calls", page[.reached])
  }

  /// Epochs that cannot be gone on with: `recover-not merge|window|memory`.
  static func lost(_ scenario: Scenario) throws {
    let kind = scenario.text(0)
    let source = Pipeline(from: 0..<1_000)
    let samples: Pipeline<Int> =
      switch kind {
      case "merge": source.merge(with: Pipeline("other", from: 1_000..<2_000))
      case "window": source.batch(max: 7, within: .seconds(1)).unbatch()
      default: source.cache(.memory(bytes: 1 << 20))
      }
    var batches = try runPipelineInSubprocess(
      samples.batch("collate", Samples.spec) { try Samples.write($0, to: &$1) }, threads: 2, slots: 2, epochs: 3)
    for epoch in 0..<3 {
      var values: [Int] = []
      do throws(HeadraceError) {
        while let batch = try batches.next() {
          values += (try? Samples.values(batch)) ?? []
          if epoch == 1, values.count == 200 { kill(Int32(batches.workerProcessID ?? 0), SIGKILL) }
        }
        emit("epoch", "\(epoch) whole \(Set(values).count == values.count) \(values.count)")
      } catch {
        emit("epoch", "\(epoch) \(error.code) distinct \(Set(values).count == values.count)")
        emit("message", error.message)
      }
    }
  }
}
