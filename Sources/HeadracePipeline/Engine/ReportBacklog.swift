import HeadraceCore

/// The reports that have not been handed over: a pure value, tested without a thread.
///
/// Each begins where the one before it ended. When there are as many as may wait, a further one becomes part of the
/// newest: so a closure that is slow gets longer intervals, and none is lost.
struct ReportBacklog: Sendable {
  /// A report to be.
  struct Entry: Sendable {
    /// nil: the start.
    let begin: [StageSnapshot]?
    var end: [StageSnapshot]

    /// What it tells.
    var report: StatisticsReport {
      let interval = begin.map { begin in zip(end, begin).map { $0.since($1) } } ?? end
      return StatisticsReport(interval: interval.map(\.statistics), total: end.map(\.statistics))
    }
  }

  /// Reports that may wait.
  static let limit = 16

  private var entries: Deque<Entry> = Deque()
  /// What the stages had come to at the end of the newest report.
  private var last: [StageSnapshot]?

  /// A report on what has been done since the one before.
  mutating func add(_ now: [StageSnapshot]) {
    if entries.count == Self.limit {
      entries[entries.count - 1].end = now
    } else {
      entries.append(Entry(begin: last, end: now))
    }
    last = now
  }

  /// The next to be handed over; nil: none waits.
  mutating func next() -> Entry? { entries.isEmpty ? nil : entries.popFirst() }
}
