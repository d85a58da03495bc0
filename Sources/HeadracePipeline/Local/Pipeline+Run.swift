import HeadraceCore
import HeadraceSystem

extension Pipeline {
  /// Runs the pipeline on threads of this process and returns its elements.
  ///
  /// It starts at once and runs ahead as far as the queues between its stages reach.
  ///
  /// - Parameters:
  ///   - threads: threads that the stages share, 1 to 256; nil: as many as there are processors for this process.
  ///   - epochs: epochs to run in all; nil: as many as are asked for.
  ///   - hooks: called around stages and tasks, on the threads that do the work.
  ///   - reporting: when statistics are reported, and to whom; nil: to nobody.
  /// - Throws: `invalidPipeline`, naming stage and mistake; what a source's check throws; `invalidArgument`;
  ///   `systemCall` when the system permits no further thread.
  public func run(
    threads: Int? = nil, epochs: Int? = nil, hooks: RunHooks = RunHooks(), reporting: StatisticsReporting? = nil
  ) throws(HeadraceError) -> Elements<Element> {
    let plan = try PipelinePlan(self)
    let threads = try PipelinePlan.threadCount(threads, epochs: epochs)
    do throws(Errno) {
      return Elements(
        try ElementRun(plan, threads: threads, epochLimit: epochs, hooks: hooks, reporting: reporting))
    } catch {
      throw HeadraceError(
        .systemCall,
        "The pipeline could not start its \(threads) threads. Ask for fewer with threads:, or raise the limit on"
          + " processes (ulimit -u; in a container its limit on pids).", cause: "\(error)")
    }
  }
}
