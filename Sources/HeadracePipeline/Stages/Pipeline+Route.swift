import HeadraceCore

extension Pipeline {
  /// Sends each sample along one of several paths, and hands on what comes out of all of them.
  ///
  /// ```swift
  /// records.route(
  ///   by: { try $0.text("kind") },
  ///   into: .path("image") { $0.map("decode", concurrency: 8) { try Example(image: $0) } },
  ///   .path("text") { $0.map("tokenize") { try Example(text: $0) } })
  /// ```
  ///
  /// A path is made of any stages, routes among them; it may leave samples out, make several of one, or gather several.
  /// It may also be empty (`{ $0 }`), or end early, as with `take`: then what is sent along it is dropped, and once all
  /// paths have ended the route stops the stages before it.
  ///
  /// With `.input` a path that is slow holds up the others: they work ahead as far as their queues reach, so let more
  /// samples wait there (`prefetch`) if paths take much longer for some samples than for others.
  ///
  /// - Parameters:
  ///   - name: the stage's name among the stages. One more stage, `<name>.join`, puts the paths together.
  ///   - choose: the name of a sample's path. One that does not exist is that sample's failure. It runs on one thread
  ///     at a time and holds up all paths, so let it look at something small.
  ///   - paths: one or more, each with a name of its own. Names of stages are unique in all paths together.
  ///   - ordering: `.input`: all that is made of a sample leaves before anything that is made of a later one; what a
  ///     path keeps until the end of the epoch, such as the rest of a group, leaves then, path by path. Stages of a
  ///     path that do not keep the order (`shuffle`, `.completion`, groups that leave after a time) go on not keeping
  ///     it. `.completion`: whatever comes out of a path first leaves first.
  ///   - onFailure: what an error of `choose` does.
  public func route<Output: Sendable>(
    _ name: String = "route", by choose: @escaping @Sendable (Element) throws -> String,
    into paths: RoutePath<Element, Output>..., ordering: Ordering = .input, onFailure: FailurePolicy = .raise
  ) -> Pipeline<Output> {
    route(name, by: choose, into: paths, ordering: ordering, onFailure: onFailure)
  }

  /// Sends each sample along one of several paths that an array holds; see the `route` that takes them one by one.
  public func route<Output: Sendable>(
    _ name: String = "route", by choose: @escaping @Sendable (Element) throws -> String,
    into paths: [RoutePath<Element, Output>], ordering: Ordering = .input, onFailure: FailurePolicy = .raise
  ) -> Pipeline<Output> {
    let table = PathTable(paths.map(\.name))
    let description = StageDescription(
      kind: .route, name: name, details: paths.map { String(reflecting: $0.name) }.joined(separator: " "),
      ordering: ordering, failurePolicy: onFailure)
    let route = StageBlueprint(description, inputs: [output], outputCount: paths.count + 1) { assembly in
      let operation = RouteOperator(pathCount: table.names.count, ordering: ordering) { sample in
        try table.index(of: choose(typed(sample)), in: name)
      }
      return OperatorNode(operation, assembly)
    }
    let starts = paths.indices.map { StageOutput(stage: route, port: RouteOrder.port(ofPath: $0)) }
    let ends = Swift.zip(paths, starts).map { path, start in
      path.extend(Pipeline(output: start, limits: limits))
    }
    let unused = Swift.zip(starts, ends).map { start, end in !PipelineGraph(end.output).takes(from: start) }
    if let mistake = table.mistake(unused: unused) {
      return appending(description, mistake: mistake) { _ in MergeOperator(inputs: 1) }
    }
    let join = StageDescription(kind: .join, name: "\(name).join", ordering: ordering)
    let inputs = [StageOutput(stage: route, port: RouteOrder.port)] + ends.map(\.output)
    let count = ends.count
    switch ordering {
    case .input:
      return .joining(inputs, limits: ends.map(\.limits), join) { _ in
        OrderedJoinOperator(pathCount: count)
      }
    case .completion:
      return .joining(inputs, limits: ends.map(\.limits), join) { _ in
        ArrivalJoinOperator(pathCount: count)
      }
    }
  }
}

extension PipelineGraph {
  /// Whether a stage, or who takes what comes out, takes from this output.
  fileprivate func takes(from output: StageOutput) -> Bool {
    edges.contains { stages[$0.producer] === output.stage && $0.port == output.port }
  }
}
