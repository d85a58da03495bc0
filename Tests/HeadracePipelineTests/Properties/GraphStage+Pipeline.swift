import HeadracePipeline

extension GraphStage {
  /// The pipeline with this stage behind it: all but those that make arrays, and open them.
  fileprivate func appended<Element: Digestible>(to pipeline: Pipeline<Element>) -> Pipeline<Element> {
    let rule = rule
    let faults = FaultInjector(rule)
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
    case .repeat(let count): return pipeline.repeat(count, name: name)
    case .prefetch(let count): return pipeline.prefetch(count)
    case .interleave(let pattern, let stop, let branches):
      let inputs = [pipeline] + branches.map { $0.pipeline() }
      return .interleaving(inputs, pattern, stop: stop, name: name)
    case .merge(let branches): return .merging([pipeline] + branches.map { $0.pipeline() }, name: name)
    case .zip(let strict, let branch):
      return pipeline.zip(with: branch.pipeline(of: Element.self), strict: strict, name: name)
        .map("\(name).pair") { $0.0.paired(with: $0.1) }
    case .route(let paths):
      return pipeline.route(
        name,
        by: { element in
          // A path that does not exist is the sample's failure as well.
          if !rule.isNamed, rule.fails(element.digest) { return "none" }
          try faults.check(element.digest)
          return Self.pathName(rule.choice(element.digest, below: paths.count))
        },
        into: paths.enumerated().map { index, stages in .path(Self.pathName(index)) { $0.appending(stages) } },
        ordering: ordering, onFailure: policy)
    case .group, .unbatch: preconditionFailure("\(kind) changes the type of the samples")
    }
  }
}

extension GraphBranch {
  func pipeline<Element: Digestible>(of _: Element.Type = Element.self) -> Pipeline<Element> {
    origin.pipeline(of: Element.self).appending(stages)
  }
}

extension Pipeline where Element: Digestible {
  /// The pipeline with these stages behind it.
  func appending(_ stages: [GraphStage]) -> Pipeline {
    var rest = stages[...]
    let pipeline = appending(&rest)
    precondition(rest.isEmpty, "an unbatch of what nothing has gathered")
    return pipeline
  }

  /// Appends stages up to the `unbatch` that ends the arrays which this level consists of.
  private func appending(_ rest: inout ArraySlice<GraphStage>) -> Pipeline {
    var pipeline = self
    while let stage = rest.first, stage.kind != .unbatch {
      rest.removeFirst()
      if case .group(let count, let partial) = stage.kind {
        let inner = pipeline.batch(count, partial: partial, name: stage.name).appending(&rest)
        guard let end = rest.popFirst() else { preconditionFailure("arrays that nothing opens again") }
        pipeline = inner.unbatch(name: end.name)
      } else {
        pipeline = stage.appended(to: pipeline)
      }
    }
    return pipeline
  }
}
