import HeadraceSystem
import HeadraceTestSupport
import Synchronization
import Testing

@testable import HeadracePipeline

/// Who is told that work begins.
@Suite struct SchedulerListenerTests {
  private final class Idler: StageNode {
    func runSlice(lane: Int) -> SliceResult { .starved }
  }

  @Test func itIsCalledThroughAsLittleAfterManyCallsAsAfterTheFirst() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let pool = try LanePool(threads: 1) { name, body throws(Errno) in try Thread.start(name: name, body) }
    let scheduler = Scheduler([SchedulerState.StageSetup(concurrency: 1)], pools: [pool], observer: nil)
    let generation = Generation(slot: 0, epoch: 0) {}
    scheduler.begin(generation, RunBuilder.Parts(nodes: [Idler()], queues: []))
    defer { scheduler.drain(generation) }
    // Where the stack is at each call, which is on this thread.
    let depths = Mutex<[UInt]>([])
    scheduler.tellOfWork {
      var place = 0
      let address = unsafe withUnsafeMutablePointer(to: &place) { UInt(bitPattern: $0) }
      depths.withLock { $0.append(address) }
    }
    for _ in 0..<1_000 {
      scheduler.signal(0)
      while scheduler.laneUse.busy > 0 { Thread.yield() }
    }
    #expect(depths.withLock { Set($0) }.count == 1)
  }
}
