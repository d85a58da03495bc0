import Testing

/// Faults that are injected into real processes, one after the other, so that times mean something on a small machine.
@Suite(.serialized)
struct WorkerFaults {
  /// The median of what `measure` gives in three attempts, in milliseconds; all are printed.
  ///
  /// The median is what a test holds to its bound. A single attempt can meet a moment at which other programs have the
  /// machine, so a bound on the slowest fails now and then for nothing; a bound on the quickest would pass a fault that
  /// comes and goes.
  static func median(_ what: String, _ measure: () throws -> Double) rethrows -> Double {
    let attempts = try (0..<3).map { _ in try measure() }
    print("\(what): \(attempts.map { "\($0)" }.joined(separator: ", ")) ms")
    // NaN, for a line that a fixture did not print, fails every bound.
    return attempts.contains(where: \.isNaN) ? .nan : attempts.sorted()[1]
  }
}
