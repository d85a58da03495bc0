import HeadraceCore
import HeadraceSystem

/// What happens when a stage fails for a sample: its closure throws, its time is over, or the source cannot read it.
///
/// ```swift
/// .map("decode", onFailure: .skip(fraction: 0.001)) { ... }                // one in a thousand
/// .map("fetch", onFailure: .retry(times: 3, backoff: .milliseconds(50), then: .quarantine("bad", upTo: 20))) { ... }
/// ```
///
/// A stage counts its failures in the order in which its results leave it, so with `.input` ordering the same failure
/// is the one too many at any concurrency.
public struct FailurePolicy: Sendable, Hashable, Codable {
  /// How many samples of an epoch may be left out; of a stage before a `repeat`, in each of its passes.
  public enum Tolerance: Sendable, Hashable, Codable {
    /// So many.
    case count(Int)
    /// So large a part of the samples that have come to the stage in this epoch, whatever it makes of them; of a
    /// source, of those that it has read. Above 0 and at most 1. Looked at from the 100th on, since a fraction of a few
    /// samples says nothing, and once more at the end.
    case fraction(Double)
  }

  /// Failures that an epoch can have and go on; one more ends it.
  public var tolerance: Tolerance
  /// How often a failed call is made again before the sample counts as failed.
  public var retries = 0
  /// The wait before the first of them; it doubles with each further one.
  public var backoff = Duration.zero
  /// The folder that failed samples are kept in, with their errors.
  public var quarantinePath: String?

  /// The epoch ends there: the error reaches the consumer after the last good batch. What a stage does by default.
  public static let raise = FailurePolicy(tolerance: .count(0))

  /// The sample is left out, counted and named; one more than `count` of them in an epoch ends it as `raise` does.
  public static func skip(upTo count: Int) -> FailurePolicy { FailurePolicy(tolerance: .count(count)) }

  /// The sample is left out, counted and named, as long as at most this fraction of the stage's samples is.
  ///
  /// - Parameter fraction: above 0 and at most 1; see `Tolerance.fraction`.
  public static func skip(fraction: Double) -> FailurePolicy { FailurePolicy(tolerance: .fraction(fraction)) }

  /// The call is made again, up to `times` times, before `then` applies. Meanwhile no thread waits.
  ///
  /// - Parameter backoff: the wait before the first further call; it doubles with each one.
  public static func retry(
    times: Int, backoff: Duration = .milliseconds(100), then policy: FailurePolicy = .raise
  ) -> FailurePolicy {
    var policy = policy
    policy.retries = times
    policy.backoff = backoff
    return policy
  }

  /// The sample is left out like one that is skipped, and its bytes and error are kept in a folder.
  ///
  /// Bytes are kept of elements that are `Storable`; of others name and error alone.
  public static func quarantine(_ path: String, upTo count: Int) -> FailurePolicy {
    skip(upTo: count).keeping(in: path)
  }

  /// The sample is kept in a folder like one of so many, as long as at most this fraction of the stage's samples is.
  ///
  /// - Parameter fraction: above 0 and at most 1; see `Tolerance.fraction`.
  public static func quarantine(_ path: String, fraction: Double) -> FailurePolicy {
    skip(fraction: fraction).keeping(in: path)
  }

  private func keeping(in path: String) -> FailurePolicy {
    var policy = self
    policy.quarantinePath = path
    return policy
  }

  /// What is wrong with it, as the end of a sentence; nil if nothing is.
  var mistake: String? {
    let name = quarantinePath.map { "quarantine(\"\($0)\", " } ?? "skip("
    if let path = quarantinePath, !FileSystem.isPossible(path) {
      return "quarantine(\(String(reflecting: path))) is not possible; a path has 1 or more bytes, none of them zero"
    }
    return switch tolerance {
    case .count(let count) where count < 0: "\(name)upTo: \(count)) is not possible; it must be 0 or more"
    case .fraction(let fraction) where !(fraction > 0 && fraction <= 1):
      "\(name)fraction: \(fraction)) is not possible; it must be above 0 and at most 1"
    default:
      if !(0...1000).contains(retries) {
        "retry(times: \(retries)) is not possible; it must be 0 to 1000"
      } else if backoff < .zero || backoff > .seconds(3600) {
        "A backoff of \(backoff) is not possible; it must be 0 to 3600 seconds"
      } else {
        nil
      }
    }
  }

  /// The wait before call number `attempt`, from 1 for the first that is made again; in nanoseconds, at most an hour.
  func backoffNanoseconds(before attempt: Int) -> UInt64 {
    var wait = Double(MonotonicClock.nanoseconds(in: backoff) ?? .max)
    for _ in 1..<max(1, attempt) where wait < 3.6e12 { wait *= 2 }
    return UInt64(min(wait, 3.6e12))
  }
}
