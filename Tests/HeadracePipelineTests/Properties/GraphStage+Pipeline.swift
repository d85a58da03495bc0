import HeadracePipeline

extension GraphStage {
  /// The pipeline with this stage behind it: all but those that make arrays, and open them.
  func appended<Element: Digestible>(to pipeline: Pipeline<Element>) -> Pipeline<Element> {
    let rule = rule
    let faults = FaultInjector(rule)
    let concurrency = Concurrency.fixed(concurrency)
    switch kind {
    case .map:
      return pipeline.map(name, concurrency: concurrency, ordering: ordering, onFailure: policy) { element in
        try faults.check(element.digest)
        return element.changed(by: rule.salt)
      }
    case .asyncMap:
      return pipeline.map(name, concurrency: concurrency, ordering: ordering, onFailure: policy) { element in
        if rule.choice(element.digest, below: 3) == 0 { await Task.yield() }
        try faults.check(element.digest)
        return element.changed(by: rule.salt)
      }
    case .compactMap:
      return pipeline.compactMap(name, concurrency: concurrency, ordering: ordering, onFailure: policy) { element in
        try faults.check(element.digest)
        return rule.choice(element.digest, below: 4) == 0 ? nil : element.changed(by: rule.salt)
      }
    case .filter:
      return pipeline.filter(name, concurrency: concurrency, ordering: ordering, onFailure: policy) { element in
        try faults.check(element.digest)
        return rule.choice(element.digest, below: 4) != 0
      }
    case .tap:
      return pipeline.tap(name, concurrency: concurrency, ordering: ordering, onFailure: policy) { element in
        try faults.check(element.digest)
      }
    case .flatMap:
      return pipeline.flatMap(
        name, concurrency: concurrency, ordering: ordering, onFailure: policy,
        reading: { GraphReader($0, rule) })
    case .microBatch(let count):
      return pipeline.microBatch(
        name, max: count, concurrency: concurrency, ordering: ordering, onFailure: policy
      ) { elements in
        try faults.check(elements.digest)
        return elements.map { $0.changed(by: rule.salt) }
      }
    case .asyncMicroBatch(let count):
      return pipeline.microBatch(
        name, max: count, concurrency: concurrency, ordering: ordering, onFailure: policy
      ) { elements in
        await Task.yield()
        try faults.check(elements.digest)
        return elements.map { $0.changed(by: rule.salt) }
      }
    case .take(let count): return pipeline.take(count, name: name)
    case .skip(let count): return pipeline.skip(count, name: name)
    case .shuffle(let size): return pipeline.shuffle(size: size, seed: seed, name: name)
    case .aggregate(let count):
      return pipeline.aggregate(name, onFailure: policy) { GraphAggregator<Element>(limit: count, rule: rule) }
    case .repeat(let count): return pipeline.repeat(name, count)
    case .prefetch(let count): return pipeline.prefetch(count)
    case .group, .unbatch: preconditionFailure("\(kind) changes the type of the samples")
    }
  }
}
