import HeadraceCore
import HeadraceSystem
import HeadraceTestSupport
import Testing

@testable import HeadraceRing
@testable import HeadraceWorker

/// A worker that cannot run says why, also where no slot is free at that moment.
@Suite struct WorkerRefusalTests {
  @Test func aRefusalWaitsForASlotAndIsTheLastWord() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let ring = try fullRing()
    try Thread.start { WorkerRefusal(ring: ring, position: nil).publish(HeadraceError(.notFound, "no pipeline")) }
    // It has found none.
    while unsafe ring.atomic32(RingLayout.producerWaitingOffset).pointee.load(ordering: .acquiring) == 0 {}
    #expect(ring.workerPhase != .stopping)
    var consumer = RingConsumer(ring)
    var ends = 0
    while true {
      guard let delivery = try consumer.tryTake() else {
        _ = consumer.wait(death: -1, until: nil)
        continue
      }
      switch consume delivery {
      case .failure(let error, _):
        #expect(error.message == "no pipeline" && ends == 2 && ring.workerPhase == .stopping)
        return
      default: ends += 1
      }
    }
  }

  /// Without these nobody would be left to give a slot back.
  @Test(arguments: ["stop", "lifeline"]) func aRefusalDoesNotWaitForNobody(end: String) throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let ring = try fullRing()
    let lifeline = try EventSignal()
    let done = Done(try EventSignal())
    let number = lifeline.descriptor.number
    try Thread.start {
      WorkerRefusal(ring: ring, position: nil).publish(HeadraceError(.notFound, "no pipeline"), lifeline: number)
      done.signal.signal()
    }
    if end == "stop" { RingConsumer(ring).requestStop() } else { lifeline.signal() }
    #expect(Poll.wait(done.signal.descriptor.number).first)
    #expect(ring.publishedCount == 2)
  }

  private final class Done: Sendable {
    let signal: EventSignal
    init(_ signal: consuming EventSignal) { self.signal = signal }
  }

  private func fullRing() throws -> Ring {
    let ring = try Ring(RingGeometry(slotCount: 2, maximumRows: 1, payloadByteCount: 256))
    let producer = RingProducer(ring)
    for epoch in 0..<2 { producer.tryClaim()?.publishEndOfEpoch(epoch, sequence: 0) }
    return ring
  }
}
