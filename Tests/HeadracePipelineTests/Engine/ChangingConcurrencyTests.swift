import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadracePipeline

/// Concurrency that another thread changes all the time, to anything: no sample is lost, doubled or left lying, and
/// with `.input` none is out of place.
@Suite struct ChangingConcurrencyTests {
  @Test(arguments: 0..<6) func whateverTheConcurrencyBecomesTheOutputStaysTheSame(seed: Int) throws {
    try Watchdog.guarding("a run whose concurrency changes all the time, seed \(seed)") {
      var random = SplitMix64(seed: seed)
      let count = 1_500
      let first = Pipeline(from: 0..<count)
        .map("quick") { (value: Int) -> Int in value + 1 }
        .prefetch(Int.random(in: 1...3, using: &random))
      let second = first.map("async") { (value: Int) async -> Int in
        if value % 7 == 0 { await Task.yield() }
        return value
      }
      .flatMap("pair") { (value: Int) -> [Int] in [value, -value] }
      let pipeline = second.microBatch("doubled", max: 5) { (values: [Int]) -> [Int] in values.map { 2 * $0 } }
        .filter("some") { (value: Int) -> Bool in value % 3 != 0 }
        .map("slow") { (value: Int) -> Int in
          if value % 64 == 2 { yieldAWhile() }
          return value
        }
      let run = try ElementRun(PipelinePlan(pipeline), threads: 4, epochLimit: 2)
      defer { run.stop() }
      let stages = run.run.plan.stages
      let isOver = Flag()
      let changed = Tally()
      let changer = Tally()
      let choices = SplitMix64(seed: seed + 1000)
      try Thread.start {
        var choices = choices
        while !isOver.isSet {
          run.run.apply(stages.map { $0.kind.takesConcurrency ? Int.random(in: 1...9, using: &choices) : 1 })
          changed.add()
          Thread.yield()
        }
        changer.add()
      }
      defer {
        isOver.set()
        changer.wait(for: 1)
      }
      let doubled: [Int] = (1...count).flatMap { (value: Int) -> [Int] in [2 * value, -2 * value] }
      let expected = doubled.filter { $0 % 3 != 0 }
      for _ in 0..<2 {
        var values: [Int] = []
        while let item = try run.nextItem(timeout: .seconds(60)) { values.append(typed(item.value)) }
        #expect(values == expected)
      }
      #expect(changed.count > 10)
    }
  }
}

private final class Flag: Sendable {
  private let value = Atomic<Bool>(false)
  var isSet: Bool { value.load(ordering: .acquiring) }
  func set() { value.store(true, ordering: .releasing) }
}

private func yieldAWhile() { for _ in 0..<20 { Thread.yield() } }
