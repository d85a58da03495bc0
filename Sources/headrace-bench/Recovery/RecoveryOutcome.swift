/// What `RecoveryChild` has printed.
struct RecoveryOutcome {
  /// Processes that called the closures; 0: the worker did.
  let workers: Int
  let lost: Int
  let duplicated: Int
  let orderViolations: Int
  /// Samples that were left out because they were at work at too many deaths.
  let leftOut: Int
  let restarts: Int
  let longestWait: Double
  private let recoveries: [(kind: String, milliseconds: Double)]

  init(workers: Int, output: String) throws {
    self.workers = workers
    let words = output.split(separator: "\n").map { $0.split(separator: " ") }
    func number(_ word: String) throws -> Double {
      let line = words.first { $0.count == 2 && $0[0] == word }
      guard let line, let value = Double(line[1]) else { throw Unreadable(word: word) }
      return value
    }
    lost = Int(try number("lost"))
    duplicated = Int(try number("duplicated"))
    orderViolations = Int(try number("order_violations"))
    leftOut = Int(try number("left_out"))
    restarts = Int(try number("restarts"))
    longestWait = try number("longest_wait")
    recoveries = words.filter { $0.first == "recovery" && $0.count == 3 }.compactMap { line in
      Double(line[2]).map { (String(line[1]), $0) }
    }
  }

  var name: String { workers == 0 ? "none" : "\(workers)" }

  /// From each death to the next batch, in milliseconds; nil: whatever kind it was.
  func times(_ kind: KillKind? = nil) -> [Double] {
    recoveries.filter { kind == nil || $0.kind == kind?.rawValue }.map(\.milliseconds)
  }

  private struct Unreadable: Error, CustomStringConvertible {
    let word: String
    var description: String { "the trainer did not tell \(word)" }
  }
}
