import HeadraceCore

/// A graph of stages from one or more sources of samples: a value that says what is to be done, and does nothing.
///
/// ```swift
/// let pipeline = Pipeline(from: try ShardSource("train-{000000..000099}.tar.zst"))
///   .filter("labelled") { $0.has("cls") }
///   .batch("decode", spec, concurrency: 8) { record, row in
///     try PNG.decode(try record.bytes("png"), into: try row.tensor("image"))
///     try row.write(Int64(try record.integer("cls")), to: "label")
///   }
/// ```
///
/// Describe, validate, run are three types: this one, `PipelinePlan`, `PipelineRun`.
public struct Pipeline<Element: Sendable>: Sendable {
  /// The last stage so far, and which of its outputs goes on.
  let output: StageOutput
  /// What it may use and lose as a whole.
  var limits: PipelineLimits

  init(output: StageOutput, limits: PipelineLimits) {
    self.output = output
    self.limits = limits
  }

  /// A pipeline that hands on what `source` reads.
  ///
  /// - Parameters:
  ///   - name: the source's name among the stages.
  ///   - onFailure: what an error of the source does. One that is skipped has the source asked for the next sample, so
  ///     what follows is up to it. `makeReader` is not covered: without a reader there is no epoch.
  @inlinable public init<S: Source>(
    _ name: String = "source", from source: S, onFailure: FailurePolicy = .raise
  ) where S.Element == Element {
    self.init(name, reading: ItemSource(source), onFailure: onFailure)
  }

  @usableFromInline init(_ name: String, reading source: ItemSource, onFailure: FailurePolicy) {
    let description = StageDescription(kind: .source, name: name, failurePolicy: onFailure)
    let stage = StageBlueprint(
      description, inputs: [], tellsBytes: Element.self is any ByteCountable.Type,
      fingerprint: source.fingerprint, validate: source.validate
    ) {
      SourceNode(source: source, output: $0.outputs[0], stage: $0.stage)
    }
    self.init(output: StageOutput(stage: stage), limits: PipelineLimits())
  }

  /// A pipeline that hands on the elements of a sequence, from its start in every epoch.
  @inlinable public init<S: Sequence & Sendable>(_ name: String = "source", from elements: S)
  where S.Element == Element {
    self.init(name, from: SequenceSource(elements))
  }

  /// The stages so far, each after those that it takes from.
  ///
  /// - Complexity: O(stages), each time: the graph is gone through.
  public var stages: [StageDescription] { PipelineGraph(output.stage).stages.map(\.description) }

  /// Bounds what all stages together may lose, hold and use. What is not given stays as it was.
  ///
  /// - Parameters:
  ///   - failures: samples of an epoch that may be left out in all; one more ends it.
  ///   - bytes: bytes of all samples in flight; see `PipelineLimits.bytes`.
  ///   - cores: cores' worth of CPU time that automatic concurrency may use; see `PipelineLimits.cores`.
  public func limits(failures: Int? = nil, bytes: Int? = nil, cores: Double? = nil) -> Pipeline<Element> {
    Pipeline(output: output, limits: limits.setting(failures: failures, bytes: bytes, cores: cores))
  }
}

extension Pipeline {
  /// A pipeline with one stage more.
  func appending<Output: Sendable>(
    _ description: StageDescription,
    validate: @escaping @Sendable () throws(HeadraceError) -> Void = { () throws(HeadraceError) in },
    closure: StageClosure? = nil,
    makeNode: @escaping @Sendable (StageAssembly) -> any StageNode
  ) -> Pipeline<Output> {
    Pipeline<Output>(
      output: StageOutput(
        stage: StageBlueprint(
          description, inputs: [output], tellsBytes: Output.self is any ByteCountable.Type, validate: validate,
          closure: closure, makeNode: makeNode)),
      limits: limits)
  }
}
