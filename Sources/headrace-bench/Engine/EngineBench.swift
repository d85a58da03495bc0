import Headrace
import HeadraceSystem

/// `headrace-bench engine`: items per second through three trivial stages, in this process.
///
/// Rounds go through all trials, limit and rival included; figures are medians over the rounds.
enum EngineBench {
  private static let leastItemsPerSecond = (single: 1_000_000.0, double: 500_000.0)
  private static let mostTurnMilliseconds = 1.0

  static func run(_ report: consuming Report) throws {
    report.begin(
      "engine", pinned: [],
      columns: ["what", "concurrency", "ordering", "threads", "items/s", "CPU/item", "of the loop", "by the rival"])
    let rounds = report.isBrief ? 1 : 5
    let seconds = report.isBrief ? 0.2 : 0.8
    let trials = EngineTrial.all
    var rates = trials.map { _ in [EngineTrial.Rate]() }
    var loop: [Double] = []
    var blocks: [Double] = []
    for _ in 0..<rounds {
      loop.append(EngineRivals.plainLoop(seconds: seconds / 4))
      blocks.append(EngineRivals.blockPerItem(seconds: seconds / 2))
      for (index, trial) in trials.enumerated() {
        rates[index].append(try trial.measure(seconds: seconds))
      }
    }
    let limit = Quantiles(loop).median
    let rival = Quantiles(blocks).median
    var least = (single: Double.infinity, double: Double.infinity)
    for (trial, rates) in zip(trials, rates) {
      let rate = Quantiles(rates.map(\.itemsPerSecond)).median
      let cpu = Quantiles(rates.map(\.cpuNanosecondsPerItem)).median
      // What more threads than cores do is not the engine's doing.
      if trial.concurrency == 1 { least.single = min(least.single, rate) }
      if trial.concurrency == 2 && trial.ordering == .input { least.double = min(least.double, rate) }
      var line = JSONLine()
      line.add("bench", "engine")
      line.add("stages", EngineWork.stageCount)
      line.add("concurrency", trial.concurrency)
      line.add("ordering", trial.orderingName)
      line.add("threads", trial.threads)
      line.add("items_per_second", rate, places: 0)
      line.add("cpu_ns_per_item", cpu, places: 1)
      line.add("ratio_to_loop", rate / limit, places: 5)
      line.add("ratio_to_dispatch", rate / rival, places: 3)
      report.add(
        line,
        [
          "engine", "\(trial.concurrency)", trial.orderingName, "\(trial.threads)", HumanUnits.decimal(rate, places: 0),
          "\(HumanUnits.decimal(cpu, places: 0)) ns", HumanUnits.decimal(rate / limit, places: 4),
          HumanUnits.decimal(rate / rival, places: 2),
        ])
    }
    add("plain loop (limit)", "engine_limit", limit, limit: limit, rival: rival, &report)
    add("block per item (rival)", "engine_rival", rival, limit: limit, rival: rival, &report)
    let cost = try EngineCost.measure(seconds: seconds, rounds: rounds, epochs: report.isBrief ? 20 : 200)
    add(cost, &report)
    report.end([
      Bar(
        claim: "at least 1,000,000 items/s through three stages of concurrency 1",
        value: HumanUnits.decimal(least.single, places: 0), isMet: least.single >= leastItemsPerSecond.single),
      Bar(
        claim: "at least 500,000 items/s with concurrency 2 in input order",
        value: HumanUnits.decimal(least.double, places: 0), isMet: least.double >= leastItemsPerSecond.double),
      Bar(
        claim: "from one epoch to the next in less than 1 ms",
        value: HumanUnits.seconds(cost.epochTurnMilliseconds / 1e3),
        isMet: cost.epochTurnMilliseconds < mostTurnMilliseconds),
    ])
  }

  private static func add(_ cost: EngineCost, _ report: inout Report) {
    var line = JSONLine()
    line.add("bench", "engine_cost")
    line.add("ns_per_item_stage", cost.nanosecondsPerItemStage, places: 1)
    line.add("allocations_per_item", cost.allocationsPerItem, places: 4)
    line.add("epoch_turn_ms", cost.epochTurnMilliseconds, places: 4)
    report.add(
      line,
      [
        "per item and stage", "1", "input", "1", "-",
        "\(HumanUnits.decimal(cost.nanosecondsPerItemStage, places: 0)) ns",
        "-", "-",
      ])
    report.add(
      JSONLine?.none,
      [
        "allocations per item", "1", "input", "1", HumanUnits.decimal(cost.allocationsPerItem, places: 3), "-", "-",
        "-",
      ])
    report.add(
      JSONLine?.none,
      ["from epoch to epoch", "1", "input", "2", HumanUnits.seconds(cost.epochTurnMilliseconds / 1e3), "-", "-", "-"])
  }

  private static func add(
    _ name: String, _ bench: String, _ rate: Double, limit: Double, rival: Double, _ report: inout Report
  ) {
    var line = JSONLine()
    line.add("bench", bench)
    line.add("stages", EngineWork.stageCount)
    line.add("items_per_second", rate, places: 0)
    report.add(
      line,
      [
        name, "-", "-", "-", HumanUnits.decimal(rate, places: 0), "-", HumanUnits.decimal(rate / limit, places: 4),
        HumanUnits.decimal(rate / rival, places: 2),
      ])
  }
}
