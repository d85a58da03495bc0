import Headrace
import HeadraceSystem

do {
  // Before any thread is bound to a processor.
  _ = Machine.current
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  let report = Report(options.format, isBrief: options.isBrief)
  switch options.task {
  case .help: print(Options.help)
  case .transport: try TransportBench.run(report)
  case .engine: try EngineBench.run(report)
  case .start: try StartBench.run(report)
  case .recovery: try RecoveryBench.run(report)
  case .recoveryChild(let kills, let workers): try RecoveryChild.run(kills: kills, workers: workers)
  case .neighbour: try NeighbourBench.run(report, python: options.python)
  case .neighbourCalibration: try NeighbourChild.calibrate()
  case .neighbourFiles(let folder): try NeighbourPipeline.writeFiles(folder)
  case .neighbourChild(let placement, let rounds, let batchSize, let demand, let steps):
    try NeighbourChild.run(placement, rounds: rounds, batchSize: batchSize, demand: demand, steps: steps)
  case .timing: try TimingBench.run(report)
  case .png: try PNGBench.run(report, folder: options.folder)
  case .startChild(let shard): try StartChild.run(shard: shard)
  case .warmChild(let shard, let byteCount, let starts):
    try WarmChild.run(shard: shard, byteCount: byteCount, starts: starts)
  }
} catch let error as UsageError {
  StandardStream.error.show("headrace-bench: \(error)\n")
  Program.exit(2)
} catch {
  StandardStream.error.show("headrace-bench: \(error)\n")
  Program.exit(1)
}
