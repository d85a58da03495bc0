import HeadracePipeline

/// One stage of a chain whose samples have bytes.
enum ByteChainStage: Sendable, Hashable {
  case map(Work), asyncMap(Work), compactMap(Work), filter(Work), asyncFilter(Work)
  /// Up to so many of each.
  case flatMap(Work, most: Int)
  case microBatch(Work, Int)
  /// In arrays of so many, and out of them.
  case arrays(Int)
  case take(Int)
  case prefetch(items: Int?, bytes: Int?)
  case cache(bytes: Int)
  case `repeat`(Int)

  /// What a closure does, and how it is called.
  struct Work: Sendable, Hashable {
    var rule = FaultRule()
    var concurrency = 1
    var ordering = Ordering.input
    /// Of so many samples one stays, where samples are left out.
    var stays = 2

    var policy: FailurePolicy {
      rule.flakyCalls > 0
        ? .retry(times: rule.flakyCalls, backoff: .microseconds(100), then: .skip(upTo: .max)) : .skip(upTo: .max)
    }

    func staysIn(_ number: Int) -> Bool { rule.choice(number, below: stays) == 0 }
  }

  // MARK: Model

  /// What it makes of numbers: plain loops.
  func made(of numbers: [Int]) -> [Int] {
    switch self {
    case .map(let work), .asyncMap(let work), .microBatch(let work, _):
      return work.kept(numbers).map { $0.changed(by: work.rule.salt) }
    case .compactMap(let work):
      return work.kept(numbers).filter(work.staysIn).map { $0.changed(by: work.rule.salt) }
    case .filter(let work), .asyncFilter(let work): return work.kept(numbers).filter(work.staysIn)
    case .flatMap(let work, let most):
      return numbers.flatMap { number in
        (0..<work.rule.choice(number, below: most + 1)).map { number.changed(by: $0) }
      }
    case .arrays, .prefetch, .cache: return numbers
    case .take(let count): return Array(numbers.prefix(count))
    case .repeat(let count): return (0..<count).flatMap { _ in numbers }
    }
  }

  /// Samples that may stay here while others pass: of those that are open one is, since only the results of the first
  /// may leave; groups, and samples to be tried again, as many as there are hands.
  var heldCount: Int {
    switch self {
    case .flatMap: 1
    case .microBatch(let work, _): work.concurrency
    case .map(let work), .asyncMap(let work), .compactMap(let work), .filter(let work), .asyncFilter(let work):
      work.rule.flakyCalls > 0 ? work.concurrency : 0
    case .arrays, .take, .prefetch, .cache, .repeat: 0
    }
  }

  // MARK: Pipeline

  func appended(to pipeline: Pipeline<SizedNumber>, _ name: String) -> Pipeline<SizedNumber> {
    switch self {
    case .map(let work):
      let faults = FaultInjector(work.rule)
      return pipeline.map(
        name, concurrency: .fixed(work.concurrency), ordering: work.ordering, onFailure: work.policy
      ) { sample in
        try faults.check(sample.number)
        return sample.changed(by: work.rule.salt)
      }
    case .asyncMap(let work):
      let faults = FaultInjector(work.rule)
      return pipeline.map(
        name, concurrency: .fixed(work.concurrency), ordering: work.ordering, onFailure: work.policy
      ) { sample async throws in
        await Task.yield()
        try faults.check(sample.number)
        return sample.changed(by: work.rule.salt)
      }
    case .compactMap(let work):
      let faults = FaultInjector(work.rule)
      return pipeline.compactMap(
        name, concurrency: .fixed(work.concurrency), ordering: work.ordering, onFailure: work.policy
      ) { sample in
        try faults.check(sample.number)
        return work.staysIn(sample.number) ? sample.changed(by: work.rule.salt) : nil
      }
    case .filter(let work):
      let faults = FaultInjector(work.rule)
      return pipeline.filter(
        name, concurrency: .fixed(work.concurrency), ordering: work.ordering, onFailure: work.policy
      ) { sample in
        try faults.check(sample.number)
        return work.staysIn(sample.number)
      }
    case .asyncFilter(let work):
      let faults = FaultInjector(work.rule)
      return pipeline.filter(
        name, concurrency: .fixed(work.concurrency), ordering: work.ordering, onFailure: work.policy
      ) { sample async throws in
        await Task.yield()
        try faults.check(sample.number)
        return work.staysIn(sample.number)
      }
    case .flatMap(let work, let most):
      return pipeline.flatMap(name, concurrency: .fixed(work.concurrency), ordering: work.ordering) { sample in
        (0..<work.rule.choice(sample.number, below: most + 1)).lazy.map { sample.changed(by: $0) }
      }
    case .microBatch(let work, let count):
      return pipeline.microBatch(
        name, max: count, concurrency: .fixed(work.concurrency), ordering: work.ordering
      ) { samples in samples.map { $0.changed(by: work.rule.salt) } }
    case .arrays(let count): return pipeline.batch(count, name: name).unbatch(name: "\(name).open")
    case .take(let count): return pipeline.take(count, name: name)
    case .prefetch(let items, let bytes): return pipeline.prefetch(items: items, bytes: bytes)
    case .cache(let bytes): return pipeline.cache(.memory(bytes: bytes), name: name)
    case .repeat(let count): return pipeline.repeat(count, name: name)
    }
  }
}

extension ByteChainStage.Work {
  /// Those for which the closure does not fail each time.
  fileprivate func kept(_ numbers: [Int]) -> [Int] { numbers.filter { !rule.fails($0) } }
}
