import HeadraceCore
import HeadracePipeline
import HeadraceRing
import HeadraceSystem

/// What a process of a pool does: each of its threads answers what is requested at its desk.
struct PoolProcess: Sendable {
  let memory: PoolMemory
  /// Its number in the pool, from 0.
  let number: Int
  let ring: Ring
  /// Whether its threads offer their processor to others after each call, but while the consumer waits.
  let yields: Bool

  /// Runs until the supervisor ends it, or has ended.
  ///
  /// - Throws: EAGAIN when the system permits no further thread.
  func run(_ makePipeline: () throws(HeadraceError) -> BatchPipeline, lifeline: Int32) throws(Errno) {
    let server: CallServer
    do throws(HeadraceError) {
      server = unsafe CallServer(try makePipeline()) { [ring] in unsafe ring.payload(ofSlot: $0) }
    } catch {
      server = CallServer(refusal: error)
    }
    for desk in memory.desks(of: number) {
      try Thread.start(name: "headrace-desk-\(desk)") { serve(desk, server) }
    }
    _ = Poll.wait(lifeline)
  }

  private func serve(_ desk: Int, _ server: CallServer) {
    while true {
      let answer = memory.takeRequest(at: desk).map(server.answer) ?? server.unreadable
      if !memory.answer(answer, at: desk), !memory.answer(server.tooLarge(answer.count), at: desk) {
        // Not even for an error is there memory: the engine is told by the end of this process.
        Program.exit(1)
      }
      memory.note(.current, of: number)
      if yields, !ring.isConsumerWaiting { Thread.yield() }
    }
  }
}
