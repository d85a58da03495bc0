/// What one stage did in a lap: differences of counters, so that they add up.
package struct StageLap: Sendable, Hashable {
  /// Calls that ended.
  package var callCount: Int
  /// Seconds that those calls took, summed over calls, whenever they began.
  package var callSeconds: Double
  /// Seconds of the lap that lanes spent in calls, summed over lanes, whether the call has ended or not. Divided by the
  /// lap's seconds this is the mean number of lanes at work for the stage. Where calls are longer than laps it is far
  /// from `callSeconds`.
  package var laneSeconds: Double
  /// Bytes of the results of the calls that ended.
  package var resultByteCount: Int

  package init(callCount: Int = 0, callSeconds: Double = 0, laneSeconds: Double = 0, resultByteCount: Int = 0) {
    self.callCount = callCount
    self.callSeconds = callSeconds
    self.laneSeconds = laneSeconds
    self.resultByteCount = resultByteCount
  }

  mutating func add(_ other: StageLap) {
    callCount += other.callCount
    callSeconds += other.callSeconds
    laneSeconds += other.laneSeconds
    resultByteCount += other.resultByteCount
  }
}
