import HeadraceCore
import HeadracePipeline
import HeadraceSystem

/// How many calls of closures a loader can make at one time, and in which processes.
package struct LoaderSize: Codable, Hashable, Sendable {
  /// Processes that call the closures; nil: the loader's own does.
  var workers: Int?
  /// Threads of each of them.
  var threads: Int

  /// The most processes of a pool.
  package static let maximumWorkerCount = 64

  /// Threads of the process that runs the pipeline: one for each call that can be made.
  var laneCount: Int { (workers ?? 1) * threads }

  /// - Parameter threads: nil: together as many as there are processors for the loader, and at least one in each
  ///   process.
  /// - Throws: `invalidArgument`.
  init(workers: Int?, threads: Int?, _ isolation: Isolation, epochs: Int?) throws(HeadraceError) {
    if let workers, !(1...Self.maximumWorkerCount).contains(workers) {
      throw HeadraceError(
        .invalidArgument,
        "\(workers) workers are not possible; workers must be 1 to \(Self.maximumWorkerCount), or nil for none.")
    }
    let threads = threads ?? max(1, isolation.threadCount / (workers ?? 1))
    self.workers = workers
    self.threads = try PipelinePlan.threadCount(threads, epochs: epochs)
    if let workers, workers * threads > PipelinePlan.maximumThreadCount {
      throw HeadraceError(
        .invalidArgument,
        "\(workers) workers with \(threads) threads each are not possible; together they may have"
          + " \(PipelinePlan.maximumThreadCount).")
    }
  }

  /// - Throws: `invalidArgument` for processes beside a worker that is none itself.
  static func check(workers: Int?, _ placement: Placement) throws(HeadraceError) {
    guard let workers, placement == .sameProcess else { return }
    throw HeadraceError(
      .invalidArgument,
      "workers: \(workers) is not possible with placement: .sameProcess, which has threads only; leave out one of the"
        + " two."
    )
  }

  /// What the processes of a loader share for calls; nil where none of them is made elsewhere.
  ///
  /// - Throws: what the system says.
  func makePool() throws(Errno) -> PoolMemory? {
    guard let workers else { return nil }
    return try PoolMemory(processes: workers, threads: threads)
  }

  /// Why a loader cannot begin whose pool the system refuses.
  static func refusal(_ error: Errno) -> HeadraceError {
    HeadraceError(
      .systemCall,
      "The worker could not share memory with the processes of its pool. Ask for fewer with workers: and threads:, or"
        + " raise the limit on open files (ulimit -n): each thread of the pool takes one.", cause: "\(error)")
  }
}
