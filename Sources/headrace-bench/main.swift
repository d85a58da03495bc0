import Headrace
import HeadraceSystem

do {
  // Before any thread is bound to a processor.
  _ = Machine.current
  let options = try Options(Array(CommandLine.arguments.dropFirst()))
  switch options.task {
  case .help: print(Options.help)
  case .transport: try TransportBench.run(Report(options.format))
  case .engine: try EngineBench.run(Report(options.format))
  case .start: try StartBench.run(Report(options.format))
  case .startChild(let shard): try StartChild.run(shard: shard)
  }
} catch let error as UsageError {
  StandardStream.error.show("headrace-bench: \(error)\n")
  Program.exit(2)
} catch {
  StandardStream.error.show("headrace-bench: \(error)\n")
  Program.exit(1)
}
