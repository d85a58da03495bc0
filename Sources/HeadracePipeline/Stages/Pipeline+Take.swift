extension Pipeline {
  /// Hands on the first `count` samples of an epoch, and stops the stages before: a source without an end has one then.
  ///
  /// Samples that failed before do not count.
  ///
  /// - Parameters:
  ///   - count: 0 or more.
  ///   - name: the stage's name among the stages.
  public func take(_ count: Int, name: String = "take") -> Pipeline<Element> {
    appending(
      StageDescription(kind: .take, name: name, details: "\(count)"),
      mistake: count < 0 ? "take(\(count)) is not possible; it must be 0 or more." : nil
    ) { _ in TakeOperator(count: count) }
  }
}
