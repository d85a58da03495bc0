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
  case .startChild(let job): try StartChild.run(job)
  }
} catch let error as UsageError {
  Program.complain("headrace-bench: \(error)")
  Program.exit(2)
} catch {
  Program.complain("headrace-bench: \(error)")
  Program.exit(1)
}
