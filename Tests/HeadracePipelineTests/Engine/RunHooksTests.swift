import HeadraceCore
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadracePipeline

@Suite struct RunHooksTests {
  /// What the hooks were told, as words, in order.
  private final class Log: Sendable {
    private let words = Mutex<[String]>([])
    func add(_ word: String) { words.withLock { $0.append(word) } }
    var all: [String] { words.withLock { $0 } }

    var hooks: RunHooks {
      RunHooks(
        stage: { self.add("\($0.stage) \($0.phase) \($0.epoch)") },
        task: { event in
          let phase =
            switch event.phase {
            case .began: "began"
            case .ended(.done, _): "done"
            case .ended(.filtered, _): "filtered"
            case .ended(.exhausted, _): "exhausted"
            case .ended(.failed(let error), _): "failed: \(error)"
            case .ended(.cancelled, _): "cancelled"
            }
          self.add("\(event.stage) \(event.epoch).\(event.position) \(phase)")
        })
    }
  }

  private func count(_ log: Log, _ word: String) -> Int { log.all.count { $0 == word } }

  @Test func eachCallIsToldWithWhatBecameOfIt() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let log = Log()
    var elements = try Pipeline("read", from: 0..<4)
      .map("odd", onFailure: .skip(upTo: 1)) { number in if number == 1 { throw Mishap() } else { number } }
      .filter("small") { $0 < 3 }
      .map("wait", concurrency: 2) { number in
        await Task.yield()
        return number
      }
      .flatMap("twice") { (number: Int) in [number, number] }
      .batch(2, name: "pair")
      .run(threads: 2, epochs: 2, hooks: log.hooks)
    for _ in 0..<2 {
      var found: [[Int]] = []
      while let pair = try elements.next() { found.append(pair) }
      #expect(found == [[0, 0], [2, 2]])
    }
    #expect(elements.stop().isEmpty)
    for epoch in 0..<2 {
      for stage in ["read", "odd", "small", "wait", "twice", "pair"] {
        #expect(count(log, "\(stage) began \(epoch)") == 1)
        #expect(count(log, "\(stage) ended \(epoch)") == 1)
      }
      for position in 0..<4 { #expect(count(log, "read \(epoch).\(position) done") == 1) }
      #expect(count(log, "read \(epoch).4 exhausted") == 1)
      #expect(count(log, "odd \(epoch).1 failed: \(Mishap())") == 1)
      #expect(count(log, "small \(epoch).3 filtered") == 1)
      for position in [0, 2] {
        #expect(count(log, "odd \(epoch).\(position) done") == 1)
        #expect(count(log, "wait \(epoch).\(position) done") == 1)
        #expect(count(log, "pair \(epoch).\(position) done") == 2)
        #expect(count(log, "twice \(epoch).\(position) done") >= 1)
      }
    }
    // Each call that began has ended, though by whatever threads.
    let words = log.all.filter { $0.contains(".") }
    let begun = words.filter { $0.hasSuffix(" began") }
    #expect(begun.count * 2 == words.count)
  }

  @Test func eventsArePrintedAsALine() {
    #expect("\(StageEvent(stage: "decode", epoch: 1, phase: .began))" == "decode began epoch 1")
    #expect("\(StageEvent(stage: "decode", epoch: 1, phase: .ended))" == "decode ended epoch 1")
    var event = TaskEvent(stage: "decode", epoch: 0, position: 1_017, sample: SampleID(key: "a/7"), phase: .began)
    #expect("\(event)" == "decode began epoch 0, position 1,017 (a/7)")
    event.phase = .ended(.done, .microseconds(5_100))
    #expect("\(event)" == "decode ended epoch 0, position 1,017 (a/7) after 5.1 ms: done")
    event.sample = nil
    event.phase = .ended(.failed(HeadraceError(.stageFailed, "Cut.")), .seconds(2))
    #expect("\(event)" == "decode ended epoch 0, position 1,017 after 2.00 s: failed: Cut.")
  }

  @Test func aCallThatThrowsWhenItsEpochIsLeftIsCancelledAndHasNotFailed() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let (log, begun) = (Log(), Tally())
    var elements = try Pipeline(from: 0..<2)
      .map("fetch") { (number: Int) async throws -> Int in
        if number == 1 {
          begun.add()
          try await Task.sleep(for: .seconds(1_000))
        }
        return number
      }
      .run(threads: 1, epochs: 1, hooks: log.hooks)
    #expect(try elements.next() == 0)
    begun.wait(for: 1)
    #expect(elements.stop(timeout: .seconds(60)).isEmpty)
    #expect(log.all.filter { $0.hasPrefix("fetch 0.1") } == ["fetch 0.1 began", "fetch 0.1 cancelled"])
    #expect(elements.statistics()[1].failureCount == 0)
  }

  @Test func aRetryIsACallOfItsOwn() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let log = Log()
    let tries = Atomic<Int>(0)
    var elements = try Pipeline(from: [7])
      .map("flaky", onFailure: .retry(times: 2, backoff: .zero)) { (number: Int) in
        if tries.add(1, ordering: .relaxed).newValue < 3 { throw Mishap() }
        return number
      }
      .run(threads: 1, epochs: 1, hooks: log.hooks)
    #expect(try elements.next() == 7)
    #expect(try elements.next() == nil)
    #expect(count(log, "flaky 0.0 began") == 3)
    #expect(count(log, "flaky 0.0 failed: \(Mishap())") == 2)
    #expect(count(log, "flaky 0.0 done") == 1)
  }
}
