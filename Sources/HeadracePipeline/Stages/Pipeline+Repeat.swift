import HeadraceCore

extension Pipeline {
  /// Goes through all that is before it `count` times in each epoch.
  ///
  /// Each pass begins all stages before it anew: a `take` counts from 0, a shuffle has an empty buffer. It has a number
  /// of its own, `epoch * count + pass`, which stands for the epoch there: the source is opened with it, and a shuffle
  /// or an interleave at random draws by it, so that the order differs from pass to pass, and is the same in each run.
  /// Stages behind it see one stream without a seam, as in tf.data.
  ///
  /// - Parameter count: passes, 1 or more.
  public func `repeat`(_ count: Int, name: String = "repeat") -> Pipeline<Element> {
    let description = StageDescription(kind: .repeat, name: name, details: "\(count)")
    let stage = StageBlueprint(
      description, inputs: [output],
      validate: { () throws(HeadraceError) in
        guard count >= 1 else {
          throw HeadraceError(.invalidPipeline, "repeat(\(count)) is not possible; it must be 1 or more.")
        }
      }, passCount: count
    ) { RepeatNode(passCount: count, $0) }
    return Pipeline(output: StageOutput(stage: stage), limits: limits)
  }
}
