import HeadraceCore
import Synchronization

/// Counts the samples that all stages of an epoch leave out against what the pipeline may lose.
final class FailureTotal: Sendable {
  private let limit: Int
  private let count = Atomic<Int>(0)

  init(limit: Int) {
    self.limit = limit
  }

  /// Counts one. Returns the error with which the epoch ends if it is one too many.
  func spend(_ error: HeadraceError) -> HeadraceError? {
    let count = count.add(1, ordering: .relaxed).newValue
    guard count > limit else { return nil }
    return HeadraceError(
      .tooManyFailures,
      "\(HumanUnits.count(count)) samples failed in all stages together, \(HumanUnits.count(limit)) may; raise"
        + " limits(failures:), or mend the data. The last: \(error.message)",
      stage: error.stage, sample: error.sample, cause: error.cause)
  }
}
