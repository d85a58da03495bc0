import HeadraceCore

/// Counts the failures of one stage in one epoch against its policy.
struct FailureBudget: Sendable {
  let policy: FailurePolicy
  private(set) var count = 0

  init(_ policy: FailurePolicy) {
    self.policy = policy
  }

  /// Counts one failure. Returns the error with which the epoch ends, or nil if the sample is merely left out.
  mutating func spend(_ error: HeadraceError) -> HeadraceError? {
    count += 1
    guard count > policy.tolerated else { return nil }
    guard policy.tolerated > 0 else { return error }
    return HeadraceError(
      .tooManyFailures,
      "\(HumanUnits.count(count)) samples failed, \(HumanUnits.count(policy.tolerated)) may; raise skip(upTo:), or mend the data. The last: \(error.message)",
      stage: error.stage, sample: error.sample, cause: error.cause)
  }
}
