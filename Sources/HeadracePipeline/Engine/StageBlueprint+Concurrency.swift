import HeadraceCore

extension StageBlueprint {
  /// The same stages, some with another concurrency. Those that neither change nor come after a change stay the same
  /// objects, since other paths of a route may take from them.
  func settingConcurrency(_ counts: [String: Int]) -> StageBlueprint {
    let stages = PipelineGraph(self).stages
    let mistake = Self.mistake(counts, stages.map(\.description))
    var copies: [ObjectIdentifier: StageBlueprint] = [:]
    for stage in stages {
      let count = counts[stage.description.name]
      let isMistaken = stage === self && mistake != nil
      guard count != nil || isMistaken || stage.inputs.contains(where: { copies[ObjectIdentifier($0.stage)] != nil })
      else { continue }
      let inputs = stage.inputs.map { input in
        StageOutput(
          stage: copies[ObjectIdentifier(input.stage)] ?? input.stage, port: input.port, prefetch: input.prefetch)
      }
      var description = stage.description
      if let count { description.concurrency = .fixed(count) }
      copies[ObjectIdentifier(stage)] = StageBlueprint(
        description, inputs: inputs, outputCount: stage.outputCount, tellsBytes: stage.tellsBytes,
        fingerprint: stage.fingerprint,
        validate: { () throws(HeadraceError) in
          if isMistaken, let mistake { throw mistake }
          try stage.validate()
        }, passCount: stage.passCount, cachePath: stage.cachePath, makeNode: stage.makeNode)
    }
    return copies[ObjectIdentifier(self)] ?? self
  }

  private static func mistake(_ counts: [String: Int], _ stages: [StageDescription]) -> HeadraceError? {
    let names = stages.map(\.name)
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) {
      guard let stage = stages.first(where: { $0.name == name }) else {
        let hint = EditDistance.nearest(to: name, among: names).map { "; did you mean \"\($0)\"?" } ?? "."
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        return HeadraceError(
          .invalidPipeline,
          "concurrency([\"\(name)\": \(count)]) names a stage that the pipeline does not have\(hint) It has \(list).",
          stage: name)
      }
      guard stage.kind.takesConcurrency else {
        return HeadraceError(
          .invalidPipeline,
          "concurrency([\"\(name)\": \(count)]) is not possible: a \(stage.kind.rawValue) stage works on one sample"
            + " after the other.", stage: name)
      }
    }
    return nil
  }
}
