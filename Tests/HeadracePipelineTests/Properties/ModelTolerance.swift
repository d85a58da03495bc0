import HeadraceCore
import HeadracePipeline

/// What a stage of the model may leave out, as `FailurePolicy` describes it.
struct ModelTolerance {
  private let tolerance: FailurePolicy.Tolerance
  private var failures = 0
  private var samples = 0

  init(_ policy: FailurePolicy) {
    tolerance = policy.tolerance
  }

  mutating func pass() { samples += 1 }

  /// The code of the error with which the epoch ends there; nil if the sample is left out.
  ///
  /// - Parameter passed: whether the sample has been counted as one that did not fail.
  mutating func fail(_ code: HeadraceError.Code, passed: Bool = false) -> HeadraceError.Code? {
    failures += 1
    if !passed { samples += 1 }
    switch tolerance {
    case .count(let count): return failures <= count ? nil : count == 0 ? code : .tooManyFailures
    case .fraction: return samples >= 100 && isExceeded ? .tooManyFailures : nil
    }
  }

  /// Whether the fraction of failures is too large.
  var isExceeded: Bool {
    guard case .fraction(let fraction) = tolerance, failures > 0 else { return false }
    return Double(failures) > fraction * Double(samples)
  }
}
