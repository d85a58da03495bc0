import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Synchronization
import Testing

@Suite struct PrefetchTests {
  /// Numbers from 0; tells of each that it reads.
  private struct WatchedSource: Source {
    let length: Int
    let onRead: @Sendable () -> Void
    var name: String { "watched" }

    func makeReader(epoch: Int) -> Reader { Reader(source: self) }

    struct Reader: SourceReader {
      let source: WatchedSource
      var position = 0

      mutating func next() -> Int? {
        guard position < source.length else { return nil }
        source.onRead()
        defer { position += 1 }
        return position
      }
    }
  }

  @Test(arguments: [1, 2, 5])
  func noMoreSamplesWaitThanPrefetchAllows(prefetch: Int) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let isOpen = Atomic<Bool>(false)
    let read = Tally()
    let mapped = Tally()
    let excess = Tally()
    // The last stage has one sample in hand and stands; `prefetch` wait before it beside the three that the map may
    // work on, and `prefetch` before the map beside the one that the source reads.
    let (mayBeMapped, mayBeRead) = (prefetch + 4, 2 * prefetch + 5)
    let source = WatchedSource(length: 60) {
      if read.add() > mayBeRead, !isOpen.load(ordering: .acquiring) { excess.add() }
    }
    let rig = try Rig(
      Pipeline(from: source)
        .prefetch(prefetch)
        .map("work", concurrency: 3) { number in
          if mapped.add() > mayBeMapped, !isOpen.load(ordering: .acquiring) { excess.add() }
          return number
        }
        .prefetch(prefetch)
        .batch(numbers(1)) { number, row in
          if number == 0 { gate.pass() }
          try row.write(Int64(number), to: "x")
        },
      threads: 4)
    let epoch = rig.start()
    // All that may wait does.
    mapped.wait(for: mayBeMapped)
    read.wait(for: mayBeRead)
    isOpen.store(true, ordering: .releasing)
    gate.open()
    #expect(epoch.outcome() == .completed)
    #expect(excess.count == 0)
    #expect(rig.values == Array(0..<60))
  }

  @Test func prefetchOfOneLeavesTheConcurrencyAsItIs() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let gate = Gate()
    let begun = Tally()
    let rig = try Rig(
      Pipeline(from: 0..<8)
        .map("work", concurrency: 4) { number in
          // Passes only once four are at work at the same time.
          if begun.add() == 4 { gate.open() }
          gate.pass()
          return number
        }
        .prefetch(1)
        .batch(numbers(8)) { number, row in try row.write(Int64(number), to: "x") },
      threads: 6)
    let epoch = rig.start()
    #expect(epoch.outcome() == .completed)
    #expect(rig.values == Array(0..<8))
  }
}
