import Headrace
import HeadraceSystem

/// Numbers in order, but for those that a filter leaves out; each takes a while, and one of them all memory when that
/// is asked for.
enum RecoveryPipeline {
  static let batchSize = 32
  /// Samples of an epoch: about 100 ms of work, so that kills hit ends of epochs too.
  static let length = 2_000

  /// - Parameter greed: by which a worker is asked to take all memory.
  static func make(_ greed: Greed) -> BatchPipeline {
    Pipeline(from: 0..<length)
      .map("decode", concurrency: 2) { number in
        let end = MonotonicClock.now + 100_000
        while MonotonicClock.now < end {}
        greed.takeAllMemoryIfAsked()
        return number
      }
      .filter("whole", isWhole)
      .batch("collate", BatchSpec(size: batchSize, TensorSpec("x", .int64)), partial: .emit) { number, row in
        try row.write(Int64(number), to: "x")
      }
  }

  static func isWhole(_ number: Int) -> Bool { number % 7 != 3 }

  /// The numbers of an epoch.
  static let expected = (0..<length).filter(isWhole)
}
