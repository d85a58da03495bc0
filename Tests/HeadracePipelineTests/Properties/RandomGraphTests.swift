import HeadraceCore
import HeadracePipeline
import HeadraceSystem
import HeadraceTestSupport
import Testing

/// Many pipelines made from seeds, each against a model that does the same with plain loops.
///
/// `HEADRACE_GRAPHS` says how many of each kind, for a longer search; `HEADRACE_FIRST_GRAPH` where to begin.
@Suite struct RandomGraphTests {
  private static let graphCount = EnvironmentVariable.number("HEADRACE_GRAPHS", or: 1200)
  private static let firstGraph = EnvironmentVariable.number("HEADRACE_FIRST_GRAPH", or: 0)
  /// More samples than this between two stages take long without showing more.
  private static let mostEvents = 3000
  /// Those that a run keeps.
  private static let mostFailures = 1000

  @Test func inInputOrderAGraphGivesWhatPlainLoopsGive() throws {
    try forEachGraph(mixed: false) { graph, models in
      let run = try GraphRun(graph)
      for (epoch, model) in models.enumerated() {
        let seen = run.epochs[epoch]
        #expect(seen.values == model.output.values, "epoch \(epoch) of\n\(graph)")
        #expect(seen.error == model.output.error, "epoch \(epoch) of\n\(graph)")
        expectSkipped(seen, model, isOrdered: true, "epoch \(epoch) of\n\(graph)")
      }
      #expect(run.callsAtEnd.isEmpty, "\(graph)")
    }
  }

  @Test func inAnyOrderAGraphGivesTheSameSamples() throws {
    try forEachGraph(mixed: true) { graph, models in
      let run = try GraphRun(graph)
      for (epoch, model) in models.enumerated() {
        let seen = run.epochs[epoch]
        if model.output.error == nil {
          #expect(seen.error == nil, "epoch \(epoch) of\n\(graph)")
          #expect(seen.values.sorted() == model.output.values.sorted(), "epoch \(epoch) of\n\(graph)")
          expectSkipped(seen, model, isOrdered: false, "epoch \(epoch) of\n\(graph)")
        } else {
          #expect(seen.error != nil, "epoch \(epoch) of\n\(graph)")
        }
      }
      #expect(run.callsAtEnd.isEmpty, "\(graph)")
    }
  }

  /// A stage in front may be ahead of where an epoch ends, but none may lose what came before that.
  private func expectSkipped(_ seen: GraphRun.Epoch, _ model: GraphModel, isOrdered: Bool, _ what: String) {
    let certain = Dictionary(grouping: model.output.skipped, by: \.stage)
    let possible = Dictionary(grouping: model.possible, by: \.stage)
    let skipped = Dictionary(grouping: seen.skipped, by: \.stage)
    for stage in Set(possible.keys).union(skipped.keys) {
      let (least, most, told) = (certain[stage] ?? [], possible[stage] ?? [], skipped[stage] ?? [])
      if isOrdered, least == most {
        #expect(told == least, "left out by \(stage) in \(what)")
      } else {
        #expect(Counts(least).isContained(in: Counts(told)), "left out by \(stage) in \(what)")
        #expect(Counts(told).isContained(in: Counts(most)), "left out by \(stage) in \(what)")
      }
    }
  }

  private func forEachGraph(mixed: Bool, _ check: (RandomGraph, [GraphModel]) throws -> Void) throws {
    for seed in Self.firstGraph..<(Self.firstGraph + Self.graphCount) {
      let graph = RandomGraph(seed: seed, mixed: mixed)
      let models = (0..<graph.epochs).map { GraphModel(graph, epoch: $0) }
      guard models.allSatisfy({ $0.largest <= Self.mostEvents }) else { continue }
      guard models.reduce(0, { $0 + $1.possible.count }) <= Self.mostFailures else { continue }
      try Watchdog.guarding("\(graph)", seconds: 60) { try check(graph, models) }
    }
  }
}
