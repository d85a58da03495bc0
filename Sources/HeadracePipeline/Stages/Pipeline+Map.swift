import HeadraceCore

extension Pipeline {
  /// Turns each sample into another.
  ///
  /// - Parameters:
  ///   - concurrency: samples worked on at once; the closure runs on as many threads, at most the run's.
  ///   - ordering: whether results keep the order of their samples. `.input` gives the same output at any concurrency.
  ///   - onFailure: what an error thrown by the closure does.
  public func map<Output: Sendable>(
    _ name: String = "map", concurrency: Int = 1, ordering: Ordering = .input, onFailure: FailurePolicy = .raise,
    _ transform: @escaping @Sendable (Element) throws -> Output
  ) -> Pipeline<Output> {
    appending(
      StageDescription(
        kind: .map, name: name, concurrency: concurrency, ordering: ordering, failurePolicy: onFailure)
    ) { sample in try transform(typed(sample)) }
  }

  /// - Parameter transform: makes an `Output` of an `Element`, or nothing.
  func appending<Output: Sendable>(
    _ description: StageDescription, _ transform: @escaping @Sendable (AnySample) throws -> AnySample?
  ) -> Pipeline<Output> {
    let index = stages.count
    let upstream = build
    let inputCapacity = stages[index - 1].prefetch
    return Pipeline<Output>(stages: stages + [description], validateSource: validateSource) { run, capacity in
      let input = upstream(run, inputCapacity)
      let output = run.makeQueue(producer: index, capacity: capacity)
      run.add(MapNode(input: input, output: output, stage: run.stage(index), transform: transform))
      return output
    }
  }
}
