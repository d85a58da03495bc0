/// Samples that were left out since somebody last asked.
public struct FailureReport: Sendable, Hashable {
  /// How many: all of them, whether named or not.
  public var count: Int
  /// The newest of them, oldest first. Batches name 255, elements of a pipeline in this process 1,000.
  public var newest: [SampleFailure]

  /// Says how many were left out, and which the newest of them are.
  public init(count: Int = 0, newest: [SampleFailure] = []) {
    self.count = count
    self.newest = newest
  }
}

extension FailureReport: CustomStringConvertible {
  /// How many were left out, and a line for each that is named; the last line has no line feed. For example:
  ///
  ///     2 samples were left out:
  ///     epoch 0, position 17: Image 0017 is cut short; fetch it again. [stage: decode]
  ///     epoch 0, position 31: Image 0031 is cut short; fetch it again. [stage: decode]
  public var description: String {
    guard count > 0 else { return "no sample was left out" }
    let text = "\(HumanUnits.count(count, "sample was", plural: "samples were")) left out"
    if newest.isEmpty { return text }
    let heading = newest.count < count ? "\(text); the last \(HumanUnits.count(newest.count)) of them:" : "\(text):"
    return ([heading] + newest.map(\.description)).joined(separator: "\n")
  }
}
