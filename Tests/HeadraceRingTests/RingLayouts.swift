import HeadraceCore
import Testing

@testable import HeadraceRing

/// A ring in one of the states that it can be in, with everything that is needed to go on from there.
final class RingLayoutCase: CustomStringConvertible {
  let ring: Ring
  let producer: RingProducer
  var consumer: RingConsumer
  let description: String
  /// Claimed and not yet published.
  var claims: [HeldClaim] = []
  /// Numbers of the batches that are published and not taken, in the order in which they were published.
  var waiting: [Int] = []
  /// Batches that are held, in the order in which the test is to give them back.
  var leases: [HeldBatch] = []
  /// The next number that no batch has.
  var nextNumber: Int

  init(ring: Ring, description: String, nextNumber: Int) {
    self.ring = ring
    producer = RingProducer(ring)
    consumer = RingConsumer(ring)
    self.description = description
    self.nextNumber = nextNumber
  }

  /// Slots that nobody has.
  var freeCount: Int { ring.geometry.slotCount - claims.count - waiting.count - leases.count }
}

/// Runs `body` on every state that a ring of `slots` slots can be in: each slot free, claimed, published or leased, the
/// published ones in every order, the leases to be given back in every order, the order ring wrapped at every place.
///
/// - Parameters:
///   - published: leaves out states with other numbers of published slots.
///   - leased: leaves out states with other numbers of leased slots.
func withEveryRingLayout(
  slots: ClosedRange<Int> = 2...4, published: ClosedRange<Int> = 0...4, leased: ClosedRange<Int> = 0...4,
  _ body: (RingLayoutCase) throws -> Void
) throws {
  for slotCount in slots {
    for states in stateVectors(slotCount) {
      let publishedSlots = states.indices.filter { states[$0] == .published }
      let leasedSlots = states.indices.filter { states[$0] == .leased }
      guard published.contains(publishedSlots.count), leased.contains(leasedSlots.count) else { continue }
      for publishOrder in permutations(publishedSlots) {
        for returnOrder in permutations(leasedSlots) {
          for start in 0..<slotCount {
            try body(makeLayout(states: states, publishOrder: publishOrder, returnOrder: returnOrder, start: start))
          }
        }
      }
    }
  }
}

private func stateVectors(_ count: Int) -> [[SlotView]] {
  guard count > 0 else { return [[]] }
  let states: [SlotView] = [.free, .claimed, .published, .leased]
  return stateVectors(count - 1).flatMap { rest in states.map { rest + [$0] } }
}

private func makeLayout(
  states: [SlotView], publishOrder: [Int], returnOrder: [Int], start: Int
) throws -> RingLayoutCase {
  let ring = try Ring.small(slots: states.count, rows: 1, payload: 64)
  let layout = RingLayoutCase(
    ring: ring, description: "\(states) published \(publishOrder) returned \(returnOrder) from \(start)",
    nextNumber: start)
  // The order ring and the search for a free slot both start at `start` now.
  for number in 0..<start {
    try layout.producer.publish(number)
    _ = try layout.consumer.take()
  }
  var claims: [Int: HeldClaim] = [:]
  for _ in states {
    let claim = try layout.producer.claim()
    claims[claim.slot] = claim
  }
  func publish(_ slot: Int) throws -> Int {
    try claims.removeValue(forKey: slot)!.publish(layout.nextNumber)
    layout.nextNumber += 1
    return layout.nextNumber - 1
  }
  for slot in returnOrder.sorted() { _ = try publish(slot) }
  var leases: [Int: HeldBatch] = [:]
  for slot in returnOrder.sorted() { leases[slot] = try layout.consumer.take() }
  layout.leases = returnOrder.map { leases[$0]! }
  for slot in publishOrder { layout.waiting.append(try publish(slot)) }
  layout.claims = states.indices.filter { states[$0] == .claimed }.map { claims.removeValue(forKey: $0)! }
  // What is left of `claims` was to be free: going away abandons it.
  return layout
}

func expectLeasesUntouched(_ layout: RingLayoutCase) throws {
  for lease in layout.leases {
    let number = try lease.number
    #expect(number == lease.batch.sequence, "\(layout)")
  }
}
