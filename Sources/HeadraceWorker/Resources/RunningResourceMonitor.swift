import HeadraceCore
import HeadraceSystem
import Synchronization

/// A resource monitor that takes its samples by itself, on a thread. Going away stops it.
public struct RunningResourceMonitor: ~Copyable, Sendable {
  private struct State {
    var monitor: ResourceMonitor
    var isStopped = false
  }

  /// What the thread and this value share.
  private final class Shared: Sendable {
    let state: Mutex<State>
    /// Given when it is stopped, so that the thread does not sleep on.
    let stopSignal: EventSignal

    init(_ monitor: ResourceMonitor) throws(Errno) {
      state = Mutex(State(monitor: monitor))
      stopSignal = try EventSignal()
    }
  }

  private let shared: Shared
  private let owner = ProcessIdentity.current

  init(
    _ monitor: ResourceMonitor, interval: Duration, callback: (@Sendable (ResourceSample) -> Void)?
  ) throws(HeadraceError) {
    guard interval >= .milliseconds(10) else {
      throw HeadraceError(
        .invalidArgument, "A resource monitor cannot take a sample each \(interval); interval must be at least 10 ms.")
    }
    // Here and not on the thread, so that there is one however early it is stopped.
    var monitor = monitor
    let start = MonotonicClock.now
    let first = monitor.sample()
    do {
      let shared = try Shared(monitor)
      // Nil, longer than the clock runs: there is no sample after the first.
      let nanoseconds = MonotonicClock.nanoseconds(in: interval)
      try Thread.start(name: "headrace-usage") {
        callback?(first)
        Self.takeSamples(shared, from: start, each: nanoseconds, callback)
      }
      self.shared = shared
    } catch {
      throw HeadraceError(
        .systemCall, "The thread of the resource monitor could not be started; call sample() instead.",
        cause: "\(error)")
    }
  }

  deinit {
    // A forked child has a copy of this, and the thread is not its own.
    guard owner == .current else { return }
    shared.state.withLock { $0.isStopped = true }
    shared.stopSignal.signal()
  }

  /// Takes a last sample, with PSS unless the monitor is to read none, and ends the thread. Called again, it changes
  /// nothing.
  ///
  /// This does not wait for the callback: for a sample that was taken before it may still run afterwards. The last
  /// sample is not given to it.
  ///
  /// - Returns: The monitor with all that it has seen. It can go on with `sample()` or `start`.
  @discardableResult
  public func stop() -> ResourceMonitor {
    let monitor = shared.state.withLock { state in
      if !state.isStopped { state.monitor.sample(withPSS: state.monitor.readsPSS) }
      state.isStopped = true
      return state.monitor
    }
    shared.stopSignal.signal()
    return monitor
  }

  /// The newest samples, the oldest of them first, as many as the monitor keeps.
  ///
  /// - Complexity: O(samples).
  public var samples: [ResourceSample] { shared.state.withLock { $0.monitor.samples } }

  /// Means, peaks and sums over all samples so far.
  public var summary: ResourceSummary { shared.state.withLock { $0.monitor.summary } }

  private static func takeSamples(
    _ shared: Shared, from start: UInt64, each interval: UInt64?, _ callback: (@Sendable (ResourceSample) -> Void)?
  ) {
    while true {
      let due = interval.map { nextMoment(after: MonotonicClock.now, from: start, each: $0) }
      guard Poll.wait(shared.stopSignal.descriptor.number, until: due).timedOut else { return }
      let sample = shared.state.withLock { state in state.isStopped ? nil : state.monitor.sample() }
      guard let sample else { return }
      callback?(sample)
    }
  }

  /// The first of the moments `start`, `start + interval`, ... that lies behind `now`: late samples shift none after
  /// them.
  static func nextMoment(after now: UInt64, from start: UInt64, each interval: UInt64) -> UInt64 {
    start + ((now - start) / interval + 1) * interval
  }
}
