/// What the calls of one chunk came to.
struct CallTally {
  private(set) var calls = 0
  private(set) var failures = 0
  private(set) var filtered = 0
  private var largestByteCount: Int?
  private var grants = 0
  private var releasedByteCount = 0
  private var madeByteCount = 0

  /// - Parameter byteCount: of the item that the call was given.
  mutating func add(_ outcome: Handover.Outcome, releasing byteCount: Int) {
    calls += 1
    switch outcome {
    case .value(let item):
      madeByteCount += item.byteCount
      largestByteCount = max(largestByteCount ?? 0, item.byteCount)
    case .nothing: filtered += 1
    case .samples: break
    case .failed: failures += 1
    case .many(let outcomes):
      let made = outcomes.reduce(0) { $0 + $1.byteCount }
      madeByteCount += made
      largestByteCount = max(largestByteCount ?? 0, made)
      failures += outcomes.reduce(0) { $1.isFailure ? $0 + 1 : $0 }
    case .pending:
      // It keeps what it was granted, and its sample.
      failures += 1
      return
    }
    grants += 1
    releasedByteCount += byteCount
  }

  /// A mark was handed on: it was granted what a sample is, and comes to nothing.
  mutating func addMark() { grants += 1 }

  /// A sample was handed on as it is, without a call.
  mutating func addPassed(_ byteCount: Int) {
    grants += 1
    madeByteCount += byteCount
    releasedByteCount += byteCount
  }

  /// Tells the budget what was made, before it is handed on.
  ///
  /// - Parameter granted: bytes that were granted for each sample.
  func exchange(_ stage: StageContext, granted: Int) {
    if let largestByteCount { stage.metrics.recordResult(byteCount: largestByteCount) }
    if grants > 0 { stage.exchange(granted: grants * granted, made: madeByteCount) }
  }

  /// Tells the budget that the work is done, after that.
  func settle(_ stage: StageContext) {
    if grants > 0 { stage.settle(grants, released: releasedByteCount, made: 0) }
  }
}

extension Handover.Outcome {
  var isPending: Bool {
    if case .pending = self { return true }
    return false
  }

  var isFailure: Bool {
    if case .failed = self { return true }
    return false
  }

  var isNothing: Bool {
    if case .nothing = self { return true }
    return false
  }

  /// Bytes of the items in it.
  var byteCount: Int {
    switch self {
    case .value(let item): item.byteCount
    case .many(let outcomes): outcomes.reduce(0) { $0 + $1.byteCount }
    case .nothing, .samples, .failed, .pending: 0
    }
  }
}
