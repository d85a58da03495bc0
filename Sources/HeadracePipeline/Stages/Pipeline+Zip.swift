import HeadraceCore

extension Pipeline {
  /// Hands on one sample of this pipeline and one of another together: the first with the first, the second with the
  /// second.
  ///
  /// It ends when one of them has ended. The other may have been read ahead; that is left out. Samples that fail or are
  /// filtered out before shift all that follow, so match samples that must belong together before anything can drop
  /// them, or by their keys.
  ///
  /// A pair has the position and the name of this pipeline's sample.
  ///
  /// - Parameters:
  ///   - other: has no stage with a name that this pipeline has. Of limits on failures and bytes the lower hold, for
  ///     both together.
  ///   - strict: whether it is an error if one pipeline ends and the other has more. It ends the epoch after the last
  ///     pair, and says which pipeline ended after how many samples.
  ///   - name: the stage's name among the stages.
  public func zip<Other: Sendable>(
    with other: Pipeline<Other>, strict: Bool = false, name: String = "zip"
  ) -> Pipeline<(Element, Other)> {
    let sources = [output.stage.description.name, other.output.stage.description.name]
    let combine: @Sendable ([AnySample]) -> AnySample = { row in
      (typed(row[0], as: Element.self), typed(row[1], as: Other.self))
    }
    return Pipeline<(Element, Other)>.joining(
      [output, other.output], limits: [limits, other.limits],
      StageDescription(kind: .zip, name: name, details: strict ? "strict" : "")
    ) { stage in
      guard strict else { return ZipOperator(inputs: 2, combine: combine) }
      return ZipOperator(inputs: 2, failing: { $0.failure(stage, sources) }, combine: combine)
    }
  }
}

extension ZipOperator.Mismatch {
  /// - Parameter sources: the names of the stages from which the inputs come.
  fileprivate func failure(_ stage: StageContext, _ sources: [String]) -> SampleFailure {
    let samples = count == 1 ? "1 sample" : "\(HumanUnits.count(count)) samples"
    let error = HeadraceError(
      .stageFailed,
      "What comes from stage \"\(sources[shorter])\" ended after \(samples), and what comes from stage"
        + " \"\(sources[longer])\" goes on. Give both as many samples, or leave out strict to end with the shorter.")
    return stage.failure(error, position: count, label: nil)
  }
}
