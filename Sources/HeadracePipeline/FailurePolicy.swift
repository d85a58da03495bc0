/// What happens when a stage's closure throws for a sample.
public enum FailurePolicy: Sendable, Hashable {
  /// The epoch ends there: the error reaches the consumer after the last good batch.
  case raise
  /// The sample is left out, counted and named; one more than `upTo` of them in an epoch ends it as `raise` does.
  case skip(upTo: Int)

  /// Failures that an epoch can have and go on.
  var tolerated: Int {
    switch self {
    case .raise: 0
    case .skip(let upTo): upTo
    }
  }
}
