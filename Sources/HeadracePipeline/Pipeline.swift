import HeadraceCore

/// A chain of stages from a source of samples to batches: a value that says what is to be done, and does nothing.
///
/// ```swift
/// let pipeline = Pipeline(from: try ShardSource("train-{000000..000099}.tar.zst"))
///   .filter("labelled") { $0.has("cls") }
///   .batch("decode", spec, concurrency: 8) { record, row in
///     try PNG.decode(try record.bytes("png"), into: try row.tensor("image"))
///     try row.write(Int32(try record.integer("cls")), to: "label")
///   }
/// ```
///
/// Describe, validate, run are three types: this one, `PipelinePlan`, `PipelineRun`.
public struct Pipeline<Element: Sendable>: Sendable {
  /// The stages so far, the source first.
  public internal(set) var stages: [StageDescription]
  let validateSource: @Sendable () throws(HeadraceError) -> Void
  /// Adds this pipeline's nodes to a run and returns the queue that the last of them fills.
  let build: @Sendable (_ run: RunBuilder, _ outputCapacity: Int?) -> HandoverQueue

  /// A pipeline that hands on what `source` reads.
  ///
  /// - Parameter name: the source's name among the stages.
  public init<S: Source>(_ name: String = "source", from source: S) where S.Element == Element {
    stages = [
      StageDescription(kind: .source, name: name, concurrency: 1, ordering: .input, failurePolicy: .raise)
    ]
    validateSource = { () throws(HeadraceError) in try source.validate() }
    build = { run, capacity in
      let output = run.makeQueue(producer: 0, capacity: capacity)
      run.add(SourceNode(source: source, output: output, stage: run.stage(0)))
      return output
    }
  }

  /// A pipeline that hands on the elements of a sequence, from its start in every epoch.
  public init<S: Sequence & Sendable>(_ name: String = "source", from elements: S) where S.Element == Element {
    self.init(name, from: SequenceSource(elements))
  }

  init(
    stages: [StageDescription], validateSource: @escaping @Sendable () throws(HeadraceError) -> Void,
    build: @escaping @Sendable (RunBuilder, Int?) -> HandoverQueue
  ) {
    self.stages = stages
    self.validateSource = validateSource
    self.build = build
  }
}
