import Glibc
import Headrace

/// Automatic concurrency of a worker, told by its consumer's waits.
enum TuningScenarios {
  /// 10 samples a batch of 4 ms each, and a consumer that takes a batch every 10 ms: four at once. `tuning PLACEMENT`.
  static func tuning(_ scenario: Scenario) throws {
    let pipeline = Pipeline(from: 0..<1_000_000)
      .map("fixed", concurrency: 2) { $0 }
      .map("load", concurrency: .automatic) { value in
        usleep(4_000)
        return value
      }
      .batch(Samples.spec) { try Samples.write($0, to: &$1) }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 24, slots: 4, epochs: 1, placement: scenario.placement(0))
    var isFound = false
    var next = 0
    var isInOrder = true
    for _ in 0..<60 where !isFound {
      let waitedBefore = batches.waitSeconds
      for _ in 0..<50 {
        guard let batch = try batches.next() else { break }
        for value in try Samples.values(batch) {
          isInOrder = isInOrder && value == next
          next += 1
        }
        usleep(10_000)
      }
      let concurrency = batches.frozenTuning.concurrency["load"] ?? 0
      isFound = concurrency >= 3 && batches.waitSeconds - waitedBefore < 0.1
    }
    emit("found", isFound)
    emit("order", isInOrder)
    emit("concurrency", batches.frozenTuning.concurrency["load"] ?? 0)
    emit("stages", batches.frozenTuning.stages.map(\.name).joined(separator: " "))
    emit("fixed", batches.statistics().first { $0.name == "fixed" }?.concurrency ?? 0)
    for decision in batches.decisions { emit("decision", decision) }
  }
}
