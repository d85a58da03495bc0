import HeadraceCore

extension Pipeline {
  /// Turns each sample into another.
  ///
  /// - Parameters:
  ///   - concurrency: samples worked on at once; the closure runs on as many threads, at most the run's.
  ///   - ordering: whether results keep the order of their samples. `.input` gives the same output at any concurrency.
  ///   - onFailure: what an error thrown by the closure does.
  ///   - options: time limit, threads of its own, priority.
  @inlinable public func map<Output: Sendable>(
    _ name: String = "map", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ transform: @escaping @Sendable (Element) throws -> Output
  ) -> Pipeline<Output> {
    let traits = ElementTraits<Output>()
    return mapping(StageDescription(.map, name, concurrency, ordering, onFailure, options)) { item in
      traits.item(try transform(typed(item.value)), from: item)
    }
  }

  /// Turns each sample into another, or leaves it out where the closure returns nil.
  ///
  /// - Parameters: as of `map`.
  @inlinable public func compactMap<Output: Sendable>(
    _ name: String = "compactMap", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ transform: @escaping @Sendable (Element) throws -> Output?
  ) -> Pipeline<Output> {
    let traits = ElementTraits<Output>()
    return mapping(StageDescription(.compactMap, name, concurrency, ordering, onFailure, options)) { item in
      try transform(typed(item.value)).map { traits.item($0, from: item) }
    }
  }

  /// Looks at each sample and hands it on: to count, to log, to check.
  ///
  /// - Parameters: as of `map`.
  @inlinable public func tap(
    _ name: String = "tap", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ look: @escaping @Sendable (Element) throws -> Void
  ) -> Pipeline<Element> {
    mapping(StageDescription(.tap, name, concurrency, ordering, onFailure, options)) { item in
      try look(typed(item.value))
      return item
    }
  }
}

extension Pipeline {
  /// A pipeline with one stage more, which makes one item of each, or leaves it out and returns nil.
  @usableFromInline func mapping<Output: Sendable>(
    _ description: StageDescription, _ work: @escaping @Sendable (Item) throws -> Item?
  ) -> Pipeline<Output> {
    appending(description) { item in
      if let result = try work(item) { .value(result) } else { .nothing }
    }
  }

  /// A pipeline with one stage more, which makes something of each item by itself.
  func appending<Output: Sendable>(
    _ description: StageDescription, _ work: @escaping @Sendable (Item) throws -> Handover.Outcome
  ) -> Pipeline<Output> {
    appending(description) { assembly in MapNode(assembly, work: work) }
  }
}

extension StageDescription {
  /// Of a stage that works on each sample by itself.
  @usableFromInline init(
    _ kind: Kind, _ name: String, _ concurrency: Concurrency, _ ordering: Ordering, _ policy: FailurePolicy,
    _ options: StageOptions, isAsync: Bool = false
  ) {
    self.init(
      kind: kind, name: name, concurrency: concurrency, ordering: ordering, failurePolicy: policy, options: options,
      isAsync: isAsync)
  }
}
