import HeadraceCore
import HeadraceSystem

/// Runs one stage by itself.
struct StageProfiler {
  private let blueprint: StageBlueprint

  init(_ blueprint: StageBlueprint) {
    self.blueprint = blueprint
  }

  func profile(items: Int, concurrencies: [Int]) throws(HeadraceError) -> StageProfile {
    var profile = StageProfile(
      name: blueprint.description.name, kind: blueprint.description.kind, itemCount: 0, points: [])
    // What comes to it, made once: by all stages before it, as they are.
    let inputs = try blueprint.inputs.map { input throws(HeadraceError) in try gather(input, items) }
    profile.itemCount = inputs.isEmpty ? items : Self.sampleCount(inputs)
    for concurrency in blueprint.description.kind.takesConcurrency ? concurrencies : [1] {
      profile.points.append(try measure(inputs, items, concurrency))
    }
    return profile
  }

  /// Without what the engine sends along for its own use.
  private static func sampleCount(_ inputs: [[Item]]) -> Int { inputs.reduce(0) { $0 + $1.count(where: \.isSample) } }

  private func gather(_ output: StageOutput, _ items: Int) throws(HeadraceError) -> [Item] {
    // Of a route's paths each would take what is meant for all; the first gives enough to measure with.
    let run = try start(PipelineGraph(StageOutput(stage: output.stage, port: output.port)))
    defer { run.stop() }
    var gathered: [Item] = []
    // Of a path's marks none counts, so that as many samples come from it as from anything else.
    var count = 0
    while count < items, let item = try run.nextItem(timeout: nil) {
      gathered.append(item)
      if !item.isMark { count += 1 }
    }
    return gathered
  }

  private func measure(_ inputs: [[Item]], _ items: Int, _ concurrency: Int) throws(HeadraceError) -> StageProfile.Point
  {
    let replays = inputs.enumerated().map { place, items in
      StageOutput(
        stage: StageBlueprint(StageDescription(kind: .source, name: "replay \(place)"), inputs: []) {
          ReplayNode(items, $0)
        })
    }
    var description = blueprint.description
    description.concurrency = .fixed(concurrency)
    description.options.pool = nil
    // How many fail is not the question here.
    description.failurePolicy.tolerance = .count(.max)
    let stage = StageBlueprint(
      description, inputs: replays, outputCount: blueprint.outputCount, makeNode: blueprint.makeNode)
    let run = try start(PipelineGraph(StageOutput(stage: stage)), threads: concurrency + 1)
    defer { run.stop() }
    let begin = MonotonicClock.now
    var taken = 0
    while taken < items || !inputs.isEmpty, try run.nextItem(timeout: nil) != nil { taken += 1 }
    let seconds = Double(max(1, MonotonicClock.now - begin)) / 1e9
    let statistics = run.statistics().last
    let count = inputs.isEmpty ? taken : Self.sampleCount(inputs)
    return StageProfile.Point(
      concurrency: concurrency, itemsPerSecond: Double(count) / seconds,
      meanTaskSeconds: statistics?.meanTaskSeconds ?? 0, occupancy: statistics?.output.occupancy ?? 0)
  }

  private func start(_ graph: PipelineGraph, threads: Int? = nil) throws(HeadraceError) -> ElementRun {
    let threads = threads ?? ProcessorCount.available
    do throws(Errno) {
      return try ElementRun(PipelinePlan(trying: graph), threads: threads, epochLimit: 1)
    } catch {
      throw HeadraceError(.systemCall, "The profile could not start its \(threads) threads.", cause: "\(error)")
    }
  }
}
