import HeadraceCore

/// Counts the failures of one stage in one epoch against its policy.
struct FailureBudget: Sendable {
  let policy: FailurePolicy
  /// What all stages of the epoch may lose together.
  private let total: FailureTotal?
  private(set) var failureCount = 0
  /// Samples that the stage has worked on, failed ones included.
  private var sampleCount = 0
  /// The newest failure, for an error that is found at the end alone.
  private var newest: HeadraceError?

  /// Below this many samples a fraction of them says nothing.
  private static let probation = 100

  init(_ policy: FailurePolicy, total: FailureTotal? = nil) {
    self.policy = policy
    self.total = total
  }

  /// Counts samples that did not fail.
  mutating func pass(_ count: Int) {
    sampleCount += count
  }

  /// Counts one failure. Returns the error with which the epoch ends, or nil if the sample is merely left out.
  mutating func spend(_ error: HeadraceError) -> HeadraceError? {
    failureCount += 1
    sampleCount += 1
    newest = error
    let isWithin: Bool
    switch policy.tolerance {
    case .count(0): return error
    case .count(let tolerated): isWithin = failureCount <= tolerated
    case .fraction: isWithin = sampleCount < Self.probation || isWithinFraction
    }
    guard isWithin else { return excess() }
    return total?.spend(error)
  }

  /// The error with which an epoch ends whose failures are too many for its samples, though it had too few to say so
  /// before.
  func atEnd() -> HeadraceError? {
    guard case .fraction = policy.tolerance, failureCount > 0, !isWithinFraction else { return nil }
    return excess()
  }

  private var isWithinFraction: Bool {
    guard case .fraction(let fraction) = policy.tolerance else { return true }
    return Double(failureCount) <= fraction * Double(sampleCount)
  }

  private func excess() -> HeadraceError {
    let failed = HumanUnits.count(failureCount)
    let isKept = policy.quarantinePath != nil
    let text, remedy: String
    switch policy.tolerance {
    case .count(let tolerated):
      text = "\(failed) samples failed, \(HumanUnits.count(tolerated)) may"
      remedy = isKept ? "raise quarantine(_:upTo:)" : "raise skip(upTo:)"
    case .fraction(let fraction):
      text = "\(failed) of \(HumanUnits.count(sampleCount, "sample")) failed, a fraction of \(fraction) may"
      remedy = isKept ? "raise quarantine(_:fraction:)" : "raise skip(fraction:)"
    }
    return HeadraceError(
      .tooManyFailures,
      "\(text); \(remedy), or mend the data." + (newest.map { " The last: \($0.message)" } ?? ""),
      stage: newest?.stage, sample: newest?.sample, cause: newest?.cause)
  }
}
