/// What a stage has counted: sums, of which two can be added and subtracted.
struct StageCounts: Sendable, Hashable {
  var tasks = 0
  var failures = 0
  var filtered = 0
  var retries = 0
  var timeouts = 0
  var quarantined = 0
  var nanoseconds: UInt64 = 0
  var histogram = DurationHistogram()
  /// How its time was spent, and what went through the queue behind it.
  var times = StageTimes()
  var flow = QueueFlow()
  /// Nanoseconds in which something waited there.
  var occupied: UInt64 = 0

  /// What came on top of an earlier look.
  func since(_ earlier: StageCounts) -> StageCounts {
    StageCounts(
      tasks: tasks.beyond(earlier.tasks), failures: failures.beyond(earlier.failures),
      filtered: filtered.beyond(earlier.filtered), retries: retries.beyond(earlier.retries),
      timeouts: timeouts.beyond(earlier.timeouts), quarantined: quarantined.beyond(earlier.quarantined),
      nanoseconds: nanoseconds.beyond(earlier.nanoseconds),
      histogram: histogram.since(earlier.histogram), times: times.since(earlier.times),
      flow: flow.since(earlier.flow), occupied: occupied.beyond(earlier.occupied))
  }
}
