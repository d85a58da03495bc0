import Foundation
import HeadraceTestSupport
import Testing

/// One after the other: each bench wants the machine for itself.
@Suite(.serialized) struct BenchKeysTests {
  @Test(arguments: [
    ("start", ["start": 1, "start_warm": 1]),
    ("engine", ["engine": 8, "engine_limit": 1, "engine_rival": 1, "engine_cost": 1]),
    ("timing", ["timing": 54]),
    ("neighbour", ["neighbour": 14]),
    ("recovery", ["recovery": 4, "recovery_kind": 12]),
    ("transport", ["transport": 35]),
    ("png", ["png": 6]),
  ])
  func everyLineHasTheKeysOfThePageAndNoOther(bench: String, rows: [String: Int]) throws {
    // For a hang, not for a busy machine: beside the other tests the three took 156 s.
    let watchdog = Watchdog(bench, seconds: 900)
    defer { watchdog.cancel() }
    let documented = try BenchPage.keys()
    let lines = try BenchProgram.lines(bench, "--json", "--brief")
    var counts: [String: Int] = [:]
    for line in lines {
      let name = try #require(line["bench"] as? String)
      counts[name, default: 0] += 1
      let keys = try #require(documented[name], "docs/bench.md has no table of keys for \(name)")
      #expect(Set(line.keys) == keys, "\(name)")
    }
    #expect(counts == rows.merging(["machine": 1]) { $1 })
    #expect(lines.first?["bench"] as? String == "machine")
    #expect(lines.first?["brief"] as? Bool == true)
  }

  @Test func thePageListsNoBenchThatIsNone() throws {
    let names = try Set(BenchPage.keys().keys)
    #expect(
      names == [
        "machine", "transport", "engine", "engine_limit", "engine_rival", "engine_cost", "timing", "start",
        "start_warm", "neighbour", "recovery", "recovery_kind", "png",
      ])
  }
}
