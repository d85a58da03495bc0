import Headrace

/// What is known of a worker from outside.
enum StatisticsScenarios {
  /// 1000 samples, of which 20 fail in a map, 98 are filtered out and 18 fail in the batch: `statistics PLACEMENT`.
  static func statistics(_ scenario: Scenario) throws {
    let pipeline = Pipeline(from: 0..<1000)
      .map("decode", concurrency: 2, onFailure: .skip(upTo: 100)) { value in
        if value % 50 == 7 { throw Mishap(description: "bad \(value)") }
        return value
      }
      .filter("tenth") { $0 % 10 != 0 }
      .batch("collate", Samples.spec, concurrency: 2, onFailure: .skip(upTo: 100)) { value, row in
        if value % 50 == 8 { throw Mishap(description: "worse \(value)") }
        try Samples.write(value, to: &row)
      }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 2, slots: 4, epochs: 2, placement: scenario.placement(0))
    for _ in 0..<2 { while let batch = try batches.next() { _ = try Samples.values(batch) } }
    for stage in batches.statistics() {
      emit(stage.name, "\(stage.taskCount) \(stage.failureCount) \(stage.filteredCount) x\(stage.concurrency)")
      emit("sum_\(stage.name)", abs(stage.busy + stage.blocked + stage.starved - 1) < 1e-9 && stage.elapsedSeconds > 0)
    }
    let usage = batches.workerUsage
    emit("cpu", usage.cpuSeconds > 0)
    emit("peak", usage.peakResidentByteCount > 1 << 20)
    emit("copied", usage.copiedByteCount > 0)
    emit("waited", batches.waitSeconds > 0)
  }

  /// More failures than the log keeps: `failures COUNT`.
  static func failures(_ scenario: Scenario) throws {
    let count = scenario.number(0, 300)
    let pipeline = Pipeline(from: 0..<2000)
      .map("decode", onFailure: .skip(upTo: 1000)) { value in
        if value < count { throw Mishap(description: "bad sector \(value)") }
        return value
      }
      .batch(Samples.spec) { try Samples.write($0, to: &$1) }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, epochs: 1)
    while let batch = try batches.next() { _ = try Samples.values(batch) }
    let failures = batches.takeFailures()
    emit("count", failures.count)
    emit("kept", failures.newest.count)
    emit("positions", failures.newest.map(\.position) == Array((count - failures.newest.count)..<count))
    emit("last", failures.newest.last.map { "\($0.epoch) \($0.position) \($0.error)" } ?? "-")
    emit("again", batches.takeFailures().count)
  }
}
