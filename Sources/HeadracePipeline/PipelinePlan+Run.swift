import HeadraceCore
import HeadraceSystem

extension PipelinePlan {
  /// The most threads that the stages of a run can share.
  package static let maximumThreadCount = 256

  /// Checks what a run is asked for. Returns its threads.
  ///
  /// - Parameter threads: nil: as many as there are processors for this process.
  /// - Throws: `invalidArgument`.
  package static func threadCount(_ threads: Int?, epochs: Int?) throws(HeadraceError) -> Int {
    let threads = threads ?? ProcessorCount.available
    guard (1...maximumThreadCount).contains(threads) else {
      throw HeadraceError(
        .invalidArgument, "\(threads) threads are not possible; threads must be 1 to \(maximumThreadCount).")
    }
    if let epochs, epochs < 1 {
      throw HeadraceError(.invalidArgument, "\(epochs) epochs are not possible; epochs must be at least 1, or nil.")
    }
    return threads
  }
}
