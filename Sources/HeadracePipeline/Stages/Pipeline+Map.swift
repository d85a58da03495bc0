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
      traits.replace(&item, with: try transform(typed(item.value)))
      return true
    }
  }

  /// Turns each sample into another, by random choices that depend on nothing but the sample.
  ///
  /// ```swift
  /// .map("crop") { image, context in
  ///   var random = context.random(seed: 7)
  ///   return image.cropped(x: random.number(below: image.width - 200), ...)
  /// }
  /// ```
  ///
  /// - Parameters: as of the `map` whose closure takes the sample alone.
  public func map<Output: Sendable>(
    _ name: String = "map", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ transform: @escaping @Sendable (Element, SampleContext) throws -> Output
  ) -> Pipeline<Output> {
    map(
      name, concurrency: concurrency, ordering: ordering, onFailure: onFailure, options: options,
      validating: { () throws(HeadraceError) in }, transform)
  }

  /// Turns each sample into another as `map` does, by a closure whose mistakes `validating` finds before the start.
  package func map<Output: Sendable>(
    _ name: String, concurrency: Concurrency, ordering: Ordering, onFailure: FailurePolicy, options: StageOptions,
    validating: @escaping @Sendable () throws(HeadraceError) -> Void,
    _ transform: @escaping @Sendable (Element, SampleContext) throws -> Output
  ) -> Pipeline<Output> {
    let traits = ElementTraits<Output>()
    let description = StageDescription(.map, name, concurrency, ordering, onFailure, options)
    return mapping(description, validating: validating) { item, epoch in
      let context = SampleContext(epoch: epoch, position: item.position, stage: name)
      traits.replace(&item, with: try transform(typed(item.value), context))
      return true
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
      guard let result = try transform(typed(item.value)) else { return false }
      traits.replace(&item, with: result)
      return true
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
      return true
    }
  }
}

extension Pipeline {
  /// A pipeline with one stage more, which puts a result in the place of each item, or returns false to leave it out.
  @usableFromInline func mapping<Output: Sendable>(
    _ description: StageDescription, _ work: @escaping @Sendable (inout Item) throws -> Bool
  ) -> Pipeline<Output> {
    let closure = StageClosure.Sample(of: Element.self, to: Output.self) { item, _ in try work(&item) }
    return mapping(description, closure) { _ in work }
  }

  /// The same, where what is done depends on the epoch too.
  ///
  /// - Parameter validating: finds mistakes of `work`'s before the start.
  func mapping<Output: Sendable>(
    _ description: StageDescription,
    validating: @escaping @Sendable () throws(HeadraceError) -> Void = { () throws(HeadraceError) in },
    _ work: @escaping @Sendable (inout Item, _ epoch: Int) throws -> Bool
  ) -> Pipeline<Output> {
    let closure = StageClosure.Sample(of: Element.self, to: Output.self, work)
    return mapping(description, closure, validating: validating) { stage in
      { item in try work(&item, stage.readerEpoch) }
    }
  }

  private func mapping<Output: Sendable>(
    _ description: StageDescription, _ closure: StageClosure.Sample,
    validating: @escaping @Sendable () throws(HeadraceError) -> Void = { () throws(HeadraceError) in },
    _ makeWork: @escaping @Sendable (StageContext) -> @Sendable (inout Item) throws -> Bool
  ) -> Pipeline<Output> {
    appending(description, validate: validating, closure: .sample(closure)) { assembly in
      if let remote = assembly.remote {
        return MapNode(assembly) { item in try remote.work(&item) ? .kept : .made(.nothing) }
      }
      let work = makeWork(assembly.stage)
      return MapNode(assembly) { item in try work(&item) ? .kept : .made(.nothing) }
    }
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
