extension Pipeline {
  /// Hands on all samples of an epoch but the first `count`.
  ///
  /// They are made by the stages before, and dropped here. To begin in the middle of the data is up to the source.
  ///
  /// - Parameters:
  ///   - count: 0 or more. Samples that failed before do not count.
  ///   - name: the stage's name among the stages.
  public func skip(_ count: Int, name: String = "skip") -> Pipeline<Element> {
    appending(
      StageDescription(kind: .skip, name: name, details: "\(count)"),
      mistake: count < 0 ? "skip(\(count)) is not possible; it must be 0 or more." : nil
    ) { _ in SkipOperator(count: count) }
  }
}
