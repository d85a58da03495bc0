import Glibc
import Headrace
import HeadraceSystem

/// Workers that die and are replaced, while the consumer takes batch after batch.
enum RecoveryScenarios {
  /// The consumer kills the worker after some of the batches: `recover SIGNAL KILLS EPOCHS ORDERING`.
  static func recover(_ scenario: Scenario) throws {
    let signal = Int32(scenario.number(0, 9))
    let killCount = scenario.number(1, 20)
    let epochs = scenario.number(2, 3)
    let length = 4_000
    let pipeline = Pipeline(from: 0..<length)
      .map("decode", concurrency: 2) { $0 }
      .filter("whole") { $0 % 7 != 3 }
      .shuffle(size: 100, seed: 5)
      .batch("collate", Samples.spec, concurrency: 2, onFailure: .skip(upTo: length)) { value, row in
        if value % 50 == 9 { throw Mishap(description: "sample \(value) is bad") }
        try Samples.write(value, to: &row)
      }
    var batches = try runPipelineInSubprocess(pipeline, threads: 3, slots: 4, epochs: epochs)
    let expected = (0..<length).filter { $0 % 7 != 3 && $0 % 50 != 9 }
    let badCount = (0..<length).count { $0 % 7 != 3 && $0 % 50 == 9 }
    let every = expected.count / Samples.spec.size * epochs / max(1, killCount)
    var taken = 0, kills = 0, left = 0
    var orders: [[Int]] = []
    for _ in 0..<epochs {
      var values: [Int] = []
      while let batch = try batches.next() {
        values += try Samples.values(batch)
        taken += 1
        if taken % every == every - 1, kills < killCount {
          kills += 1
          kill(Int32(batches.workerProcessID ?? 0), signal)
        }
      }
      left += batches.takeFailures().count
      emit("all", values.sorted() == expected)
      orders.append(values)
    }
    emit("kills", kills)
    emit("left_out", left == badCount * epochs)
    emit("orders", Set(orders).count)
    emit("digest", orders.map { $0.reduce(0) { ($0 &* 31) &+ $1 } }.map(String.init).joined(separator: ","))
  }
}
