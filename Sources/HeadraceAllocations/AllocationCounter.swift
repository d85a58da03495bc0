import CAllocationCounter

/// What this program allocates, whoever does it. For benchmarks and tests: who depends on this gets a malloc that
/// counts.
package enum AllocationCounter {
  /// What was allocated while it was counted; zeros under a sanitizer, which has a malloc of its own.
  package struct Count: Hashable, Sendable {
    /// Allocations; one that is moved to resize it counts once more.
    package var allocations: Int
    /// The most bytes that were allocated at once, above those that were when the count began.
    package var peakBytes: Int
  }

  /// Begins to count from 0.
  package static func start() { headrace_count_allocations() }

  /// Ends counting. Returns what was allocated since `start`.
  package static func stop() -> Count {
    let allocations = Int(headrace_allocation_count())
    return Count(allocations: allocations, peakBytes: Int(headrace_allocation_peak()))
  }
}
