import HeadraceCore

/// What the autotuner has found, as numbers to write into a program.
public struct FrozenTuning: Sendable, Hashable {
  /// A stage and its concurrency.
  public struct Stage: Sendable, Hashable {
    /// The stage's name.
    public var name: String
    /// What it does with a sample.
    public var kind: StageDescription.Kind
    /// Samples that it works on at once.
    public var concurrency: Int

    package init(name: String, kind: StageDescription.Kind, concurrency: Int) {
      self.name = name
      self.kind = kind
      self.concurrency = concurrency
    }
  }

  /// The stages whose concurrency was free to move, in the pipeline's order.
  public var stages: [Stage]

  package init(stages: [Stage]) {
    self.stages = stages
  }

  /// What the automatic ones of `stages` have come to, as their statistics tell.
  package init(_ stages: [StageDescription], _ statistics: [StageStatistics]) {
    let counts = Dictionary(statistics.map { ($0.name, $0.concurrency) }, uniquingKeysWith: { first, _ in first })
    self.stages = stages.filter { TunedStage($0).range.count > 1 }.map {
      Stage(name: $0.name, kind: $0.kind, concurrency: counts[$0.name] ?? $0.concurrency.count)
    }
  }

  /// The concurrency of each, by name.
  public var concurrency: [String: Int] {
    Dictionary(stages.map { ($0.name, $0.concurrency) }, uniquingKeysWith: { first, _ in first })
  }
}

extension FrozenTuning: CustomStringConvertible {
  /// Swift: each stage as a comment, and all of them as one modifier of the pipeline.
  ///
  /// ```swift
  /// // .map("decode", concurrency: 4, ...)
  /// // .batch("collate", concurrency: 2, ...)
  /// .concurrency(["decode": 4, "collate": 2])
  /// ```
  public var description: String {
    let lines = stages.map { "// .\($0.kind.rawValue)(\(literal($0.name)), concurrency: \($0.concurrency), ...)" }
    let pairs = stages.map { "\(literal($0.name)): \($0.concurrency)" }
    let dictionary = pairs.isEmpty ? "[:]" : "[\(pairs.joined(separator: ", "))]"
    return (lines + [".concurrency(\(dictionary))"]).joined(separator: "\n")
  }

  /// A name as Swift spells it: quotes, backslashes and what cannot be seen are escaped.
  private func literal(_ name: String) -> String { name.debugDescription }
}
