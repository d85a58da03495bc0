import HeadraceSystem
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadracePipeline

@Suite struct LanePools {
  private struct Refusal: Error {}

  @Test func aLaneDoesWhatItIsGivenOneAfterTheOther() throws {
    let pool = try LanePool(threads: 1) { try Thread.start(name: $0, $1) }
    let done = Tally()
    let numbers = Mutex<[Int]>([])
    for number in 0..<100 {
      pool.lanes[0].start {
        numbers.withLock { $0.append(number) }
        done.add()
        return true
      }
      done.wait(for: number + 1)
    }
    #expect(numbers.withLock { $0 } == Array(0..<100))
  }

  @Test func lanesWorkAtTheSameTime() throws {
    let pool = try LanePool(threads: 8) { try Thread.start(name: $0, $1) }
    let arrived = Tally()
    let passed = Tally()
    for lane in 0..<pool.count {
      pool.lanes[lane].start {
        arrived.add()
        arrived.wait(for: 8)
        passed.add()
        return true
      }
    }
    passed.wait(for: 8)
  }

  @Test(arguments: [1, 8]) func threadsEndWithThePool(count: Int) throws {
    let ended = Tally()
    do {
      let pool = try LanePool(threads: count) { _, body in
        try Thread.start {
          body()
          ended.add()
        }
      }
      _ = pool.count
    }
    ended.wait(for: count)
  }

  @Test func workThatWasStartedIsDoneAfterThePoolIsGone() throws {
    let done = Tally()
    do {
      let pool = try LanePool(threads: 1) { try Thread.start(name: $0, $1) }
      pool.lanes[0].start {
        done.add()
        return true
      }
    }
    done.wait(for: 1)
  }

  @Test func aLaneGoesOnInAnotherThread() throws {
    let lane = Lane()
    let ended = Tally()
    let done = Tally()
    let numbers = Mutex<[Int]>([])
    try Thread.start {
      lane.serve()
      ended.add()
    }
    lane.start {
      numbers.withLock { $0.append(0) }
      done.add()
      return false
    }
    ended.wait(for: 1)
    // What is handed over meanwhile waits for the thread that goes on.
    lane.start {
      numbers.withLock { $0.append(2) }
      done.add()
      return true
    }
    try Thread.start {
      lane.serve {
        numbers.withLock { $0.append(1) }
        return true
      }
      ended.add()
    }
    done.wait(for: 2)
    lane.end()
    ended.wait(for: 2)
    #expect(numbers.withLock { $0 } == [0, 1, 2])
  }

  @Test(arguments: 0..<4) func aRefusedThreadEndsThoseBeforeIt(refused: Int) throws {
    let started = Mutex(0)
    let ended = Tally()
    #expect(throws: Refusal.self) {
      try LanePool(threads: 4) { _, body in
        guard started.withLock({ $0 }) < refused else { throw Refusal() }
        started.withLock { $0 += 1 }
        try Thread.start {
          body()
          ended.add()
        }
      }
    }
    ended.wait(for: refused)
  }

  @Test func threadsAreNamedAfterTheirLanes() throws {
    let names = Mutex<[String?]>([])
    let done = Tally()
    let pool = try LanePool(threads: 2) { try Thread.start(name: $0, $1) }
    for lane in 0..<2 {
      pool.lanes[lane].start {
        names.withLock { $0.append(SmallFile.read("/proc/thread-self/comm")) }
        done.add()
        return true
      }
      done.wait(for: lane + 1)
    }
    #expect(names.withLock { $0 } == ["headrace-0\n", "headrace-1\n"])
  }
}
