/// Three stages that do next to nothing, so that what is measured is the handing on.
enum EngineWork {
  static let stageCount = 3
  static let batchSize = 4096

  static let first: @Sendable (Int) -> Int = { $0 &+ 1 }
  static let second: @Sendable (Int) -> Int = { $0 &* 3 }
  static let third: @Sendable (Int) -> Int = { $0 ^ 0x55 }

  /// The three, one after the other.
  static let stages = [first, second, third]
}
