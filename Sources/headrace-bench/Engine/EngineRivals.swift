import Dispatch
import HeadraceSystem

/// What the engine is compared with: the least and the most obvious way to call three closures per item.
enum EngineRivals {
  /// Items per second of a plain loop on one thread: the limit of one lane.
  static func plainLoop(seconds: Double) -> Double {
    let chunk = 1 << 16
    var buffer = [Int64](repeating: 0, count: EngineWork.batchSize)
    return measure(seconds, chunk: chunk) { start in
      loop(start..<(start + chunk), into: &buffer, EngineWork.first, EngineWork.second, EngineWork.third)
    }
  }

  // Not inlined, so that the closures are called as an engine has to call them: without knowing what they do.
  @inline(never)
  private static func loop(
    _ items: Range<Int>, into buffer: inout [Int64], _ first: (Int) throws -> Int, _ second: (Int) throws -> Int,
    _ third: (Int) throws -> Int
  ) {
    for item in items {
      guard let value = try? third(second(first(item))) else { return }
      buffer[item & (EngineWork.batchSize - 1)] = Int64(value)
    }
  }

  /// Items per second with one block per item and stage, a serial queue for each stage.
  static func blockPerItem(seconds: Double) -> Double {
    let stages = (0..<EngineWork.stageCount).map { DispatchQueue(label: "bench.stage.\($0)") }
    let batch = Batch()
    let group = DispatchGroup()
    // Waiting for each chunk bounds the items in flight; it is long enough to cost nothing by itself.
    let chunk = 1 << 13
    return measure(seconds, chunk: chunk) { start in
      for item in start..<(start + chunk) {
        stages[0].async(group: group) {
          let value = EngineWork.first(item)
          stages[1].async(group: group) {
            let value = EngineWork.second(value)
            stages[2].async(group: group) { batch.write(EngineWork.third(value), at: item) }
          }
        }
      }
      group.wait()
    }
  }

  /// The batch that the blocks write; only ever touched on the last stage's queue.
  private final class Batch: @unchecked Sendable {
    private var buffer = [Int64](repeating: 0, count: EngineWork.batchSize)

    func write(_ value: Int, at item: Int) {
      buffer[item & (EngineWork.batchSize - 1)] = Int64(value)
    }
  }

  /// Repeats `work` on one chunk of items after the other, for a fifth of `seconds` unmeasured.
  private static func measure(_ seconds: Double, chunk: Int, _ work: (Int) -> Void) -> Double {
    var item = 0
    func repeated(for seconds: Double) -> Double {
      let first = item
      let start = MonotonicClock.now
      let end = start + UInt64(seconds * 1e9)
      var now = start
      while now < end {
        work(item)
        item += chunk
        now = MonotonicClock.now
      }
      return Double(item - first) / Double(now - start) * 1e9
    }
    _ = repeated(for: seconds / 5)
    return repeated(for: seconds)
  }
}
