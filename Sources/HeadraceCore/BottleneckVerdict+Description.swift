extension BottleneckVerdict: CustomStringConvertible {
  /// One or two sentences: the part that limits, the numbers that show it, and what to change.
  public var description: String {
    switch self {
    case .tooEarly(let seconds, let callCount):
      "unknown after \(HumanUnits.seconds(seconds)) and \(HumanUnits.count(callCount, "call")) of the last stage:"
        + " it takes \(HumanUnits.decimal(Self.minimumSeconds, places: 0)) s and \(Self.minimumCallCount) calls to"
        + " tell."
    case .failures(let stage, let failureCount, let callCount):
      "unknown while \"\(stage)\" fails: \(HumanUnits.count(failureCount)) of"
        + " \(HumanUnits.count(callCount, "call")) did. Mend the data first."
    case .trainer(let waitShare, let threads):
      "the trainer. Loading keeps up"
        + (waitShare.map { ": it waited \(Self.percent($0)) of the time." } ?? ": batches wait for it.")
        + Self.remark(onSpare: threads)
    case .processors(let share, let stage, let stageShare):
      "the processors, which are \(Self.percent(share)) used. Make \"\(stage)\" cheaper, which takes"
        + " \(Self.percent(stageShare)) of the stages' time, or load on more processors."
    case .threads(let from, let to, let processorShare, let stage, let stageShare):
      "the pipeline's threads: \(from == 1 ? "the only one is" : "all \(from) are") at work,"
        + " \(Self.percent(stageShare)) of the time on \"\(stage)\". Raise threads from \(from) to \(to)"
        + (processorShare.map { " (the processors are \(Self.percent($0)) used)." } ?? " if processors are free.")
    case .source(let stage, let load):
      "reading: \"\(stage)\" is busy \(Self.percent(load)) of the time."
        + " Use faster storage, or fewer and larger files."
    case .concurrency(let stage, let from, let to, let load, let threads):
      "\"\(stage)\" \(Self.use(load, of: from)). Raise its concurrency from \(from) to \(to), or make it cheaper"
        + " (\(Self.text(of: threads)))."
    case .uneven(let stage, let load):
      "no stage is at its limit, yet the trainer waits; \"\(stage)\" comes nearest: \(Self.percent(load)) of its"
        + " concurrency is in use (busy means any of it). Make it quicker, or raise slots or prefetch so that a slow"
        + " sample holds up less."
    }
  }

  /// Below 10 % with a decimal, since the trainer's wait is a matter of tenths.
  private static func percent(_ share: Double) -> String {
    "\(HumanUnits.decimal(share * 100, places: share < 0.0995 ? 1 : 0)) %"
  }

  /// With a concurrency above 1, busy is the time in which any call is at work: that can be all of it, or hardly any
  /// where calls hold no thread, and says nothing of the limit.
  private static func use(_ load: Double, of concurrency: Int) -> String {
    concurrency > 1 ? "has \(percent(load)) of its concurrency at work" : "is busy \(percent(load))"
  }

  private static func text(of threads: ThreadUse) -> String {
    guard let count = threads.count, let share = threads.share else {
      return "\(HumanUnits.decimal(threads.active, places: 1)) threads are at work"
    }
    return count == 1 ? "the thread is \(percent(share)) used" : "the \(count) threads are \(percent(share)) used"
  }

  /// How many threads would do, if that is fewer.
  private static func remark(onSpare threads: ThreadUse) -> String {
    guard let count = threads.count, let spare = threads.sufficientCount, spare < count else { return "" }
    return " Of \(count) threads, \(HumanUnits.decimal(threads.active, places: 1)) are at work: \(spare) would do."
  }
}
