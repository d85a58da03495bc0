import HeadraceCore

extension Pipeline {
  /// Turns each sample into another by an operation that may wait, such as a request over the network.
  ///
  /// As many operations are in flight as `concurrency` says, whatever the number of threads: they compute on the
  /// threads of the pipeline, and while they wait they need none. When an epoch ends early, operations that have not
  /// ended are cancelled.
  ///
  /// - Parameters: as of the `map` whose closure is not `async`.
  public func map<Output: Sendable>(
    _ name: String = "map", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ transform: @escaping @Sendable (Element) async throws -> Output
  ) -> Pipeline<Output> {
    let traits = ElementTraits<Output>()
    return appending(
      StageDescription(.map, name, concurrency, ordering, onFailure, options, isAsync: true)
    ) { assembly in
      AsyncMapNode(assembly) { item in
        .value(traits.item(try await transform(typed(item.value)), from: item))
      }
    }
  }

  /// Turns each sample into another, or leaves it out where the closure returns nil; see the `map` with an `async`
  /// closure.
  public func compactMap<Output: Sendable>(
    _ name: String = "compactMap", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ transform: @escaping @Sendable (Element) async throws -> Output?
  ) -> Pipeline<Output> {
    let traits = ElementTraits<Output>()
    return appending(
      StageDescription(.compactMap, name, concurrency, ordering, onFailure, options, isAsync: true)
    ) { assembly in
      AsyncMapNode(assembly) { item in
        try await transform(typed(item.value)).map { .value(traits.item($0, from: item)) } ?? .nothing
      }
    }
  }

  /// Hands on the samples for which `isIncluded` is true; see the `map` with an `async` closure.
  public func filter(
    _ name: String = "filter", concurrency: Concurrency = 1, ordering: Ordering = .input,
    onFailure: FailurePolicy = .raise, options: StageOptions = .standard,
    _ isIncluded: @escaping @Sendable (Element) async throws -> Bool
  ) -> Pipeline<Element> {
    appending(
      StageDescription(.filter, name, concurrency, ordering, onFailure, options, isAsync: true)
    ) { assembly in
      AsyncMapNode(assembly) { item in
        try await isIncluded(typed(item.value)) ? .value(item) : .nothing
      }
    }
  }
}
