import Headrace
import HeadraceSystem

/// `headrace-bench recovery`: workers that are killed at random moments, and what the trainer sees of it.
enum RecoveryBench {
  private static let mostMedian = 50.0

  static func run(_ report: consuming Report) throws {
    report.begin(
      "recovery", pinned: [],
      columns: ["kills", "recovery p50", "max", "longest wait", "lost", "duplicated", "order violations", "restarts"])
    let kills = report.isBrief ? 9 : 300
    let output = try Program.runSelf(["recovery-child", String(kills)])
    let words = output.split(separator: "\n").map { $0.split(separator: " ") }
    func number(_ word: String) throws -> Double {
      let line = words.first { $0.count == 2 && $0[0] == word }
      guard let line, let value = Double(line[1]) else { throw Unreadable(word: word) }
      return value
    }
    let recoveries = words.filter { $0.first == "recovery" && $0.count == 3 }
    for kind in KillKind.allCases {
      let times = Quantiles(recoveries.filter { $0[1] == kind.rawValue }.compactMap { Double($0[2]) })
      let count = recoveries.count { $0[1] == kind.rawValue }
      var line = JSONLine()
      line.add("bench", "recovery_kind")
      line.add("kind", kind.rawValue)
      line.add("kills", count)
      line.add("recovery_ms_p50", count == 0 ? nil : times.median, places: 3)
      line.add("recovery_ms_max", times[1], places: 3)
      report.add(
        line,
        [
          "\(count) by \(kind.rawValue)", HumanUnits.seconds(times.median / 1e3),
          HumanUnits.seconds((times[1] ?? 0) / 1e3),
          "", "", "", "", "",
        ])
    }
    let times = Quantiles(recoveries.compactMap { Double($0[2]) })
    let (lost, duplicated) = (Int(try number("lost")), Int(try number("duplicated")))
    let violations = Int(try number("order_violations"))
    let (restarts, wait) = (Int(try number("restarts")), try number("longest_wait"))
    var line = JSONLine()
    line.add("bench", "recovery")
    line.add("workers", 1)
    line.add("kills", recoveries.count)
    line.add("recovery_ms_p50", times.median, places: 3)
    line.add("recovery_ms_max", times[1], places: 3)
    line.add("longest_wait_ms", wait, places: 3)
    line.add("lost", lost)
    line.add("duplicated", duplicated)
    line.add("order_violations", violations)
    line.add("restarts", restarts)
    report.add(
      line,
      [
        "\(recoveries.count)", HumanUnits.seconds(times.median / 1e3), HumanUnits.seconds((times[1] ?? 0) / 1e3),
        HumanUnits.seconds(wait / 1e3), "\(lost)", "\(duplicated)", "\(violations)", "\(restarts)",
      ])
    report.end([
      Bar(
        claim: "death to the next batch, at most 50 ms at p50", value: HumanUnits.seconds(times.median / 1e3),
        isMet: times.median <= mostMedian),
      Bar(
        claim: "nothing lost, nothing twice, order unchanged", value: "\(lost), \(duplicated), \(violations)",
        isMet: lost == 0 && duplicated == 0 && violations == 0),
    ])
  }

  private struct Unreadable: Error, CustomStringConvertible {
    let word: String
    var description: String { "the trainer did not tell \(word)" }
  }
}
