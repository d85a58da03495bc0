import HeadraceCore

extension Pipeline {
  /// Calls the closure for several samples at once, such as for a model, and hands on one result for each.
  ///
  /// Samples are gathered until there are `maximum`, or until `duration` has passed since the first of them came. Each
  /// result bears position and name of its sample, as after a `map`. This is two stages: `NAME.group`, which gathers,
  /// and `NAME`, which calls.
  ///
  /// - Parameters:
  ///   - maximum: samples of one call, 1 or more.
  ///   - duration: above 0 and at most an hour; nil: a call waits for `maximum` samples, or the end of the epoch.
  ///   - concurrency: calls at once.
  ///   - ordering: whether results keep the order of their samples.
  ///   - onFailure: what an error of the closure does. It fails all samples of the call.
  ///   - options: time limit of a call, threads of its own, priority.
  ///   - transform: gets samples in the order in which they came; must return one result for each, in the same order.
  public func microBatch<Output: Sendable>(
    _ name: String = "microBatch", max maximum: Int, within duration: Duration? = nil,
    concurrency: Concurrency = 1, ordering: Ordering = .input, onFailure: FailurePolicy = .raise,
    options: StageOptions = .standard, _ transform: @escaping @Sendable ([Element]) throws -> [Output]
  ) -> Pipeline<Output> {
    let description = StageDescription(.microBatch, name, concurrency, ordering, onFailure, options)
    return grouped(name, maximum, duration).appending(description) { assembly in
      MapNode(assembly) { item in
        let group = typed(item.value, as: ItemGroup.self)
        return .made(try group.outcome(try transform(group.elements())))
      }
    }
  }

  /// Calls an operation that may wait for several samples at once, such as a request to a server; see the `microBatch`
  /// whose closure is not `async`.
  public func microBatch<Output: Sendable>(
    _ name: String = "microBatch", max maximum: Int, within duration: Duration? = nil,
    concurrency: Concurrency = 1, ordering: Ordering = .input, onFailure: FailurePolicy = .raise,
    options: StageOptions = .standard, _ transform: @escaping @Sendable ([Element]) async throws -> [Output]
  ) -> Pipeline<Output> {
    let description = StageDescription(
      .microBatch, name, concurrency, ordering, onFailure, options, isAsync: true)
    return grouped(name, maximum, duration).appending(description) { assembly in
      AsyncMapNode(assembly) { item in
        let group = typed(item.value, as: ItemGroup.self)
        return try group.outcome(try await transform(group.elements()))
      }
    }
  }

  private func grouped(_ name: String, _ maximum: Int, _ duration: Duration?) -> Pipeline<ItemGroup> {
    let settings = GroupSettings(maximum: maximum, window: duration)
    return appending(
      StageDescription(kind: .group, name: "\(name).group", details: settings.details), mistake: settings.mistake
    ) { _ in
      settings.makeOperator()
    }
  }
}
