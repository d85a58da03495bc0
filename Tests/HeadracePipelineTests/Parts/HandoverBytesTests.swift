import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// How many places the bound on bytes leaves.
@Suite struct HandoverBytesTests {
  private func queue(_ ordering: Ordering, bytes: Int) -> Handover {
    Handover(ordering: ordering, policy: .raise, fixedCapacity: 1_000, minimumCapacity: 2, byteCapacity: bytes)
  }

  private func sample(_ byteCount: Int) -> Handover.Outcome {
    .value(Item(position: 0, label: nil, byteCount: byteCount, value: 0))
  }

  @Test(arguments: [Ordering.input, .completion]) func aChunkGetsAsManyPlacesAsThereAreBytesFor(ordering: Ordering) {
    var queue = queue(ordering, bytes: 100)
    // Nothing is known of the samples.
    let first = queue.reserve(64, chunk: 64)
    #expect(first.count == 1)
    queue.fill(first.ticket, [sample(30)])
    let second = queue.reserve(64, chunk: 64)
    #expect(second.count == 2)
    queue.fill(second.ticket, [sample(30), sample(30)])
    // One more passes the bound.
    let third = queue.reserve(64, chunk: 64)
    #expect(third.count == 1)
    queue.fill(third.ticket, [sample(30)])
    #expect(queue.waitingByteCount == 120)
    #expect(queue.reserve(64, chunk: 64).count == 0)
    #expect(queue.take(9, chunk: 9).items.count == 4)
    #expect(queue.reserve(64, chunk: 64).count == 3)
  }

  @Test func eachHandHasAPlaceWhileThereIsRoom() {
    var queue = queue(.completion, bytes: 100)
    for _ in 0..<4 { #expect(queue.reserve(1, chunk: 1).count == 1) }
    queue.fill(0, [sample(1_000)])
    #expect(queue.reserve(1, chunk: 1).count == 0)
  }

  @Test func samplesThatTellNoBytesGetAllPlaces() {
    var queue = queue(.input, bytes: 100)
    let first = queue.reserve(64, chunk: 64)
    queue.fill(first.ticket, [sample(0)])
    #expect(queue.reserve(64, chunk: 64).count == 64)
  }

  /// The bound is passed by a sample for each hand at most.
  @Test(arguments: [Ordering.input, .completion]) func anyHandsPassTheBoundByASampleEach(ordering: Ordering) {
    for seed in 0..<300 {
      var random = SplitMix64(seed: seed)
      let (largest, hands) = (Int.random(in: 1...60, using: &random), Int.random(in: 1...4, using: &random))
      var queue = queue(ordering, bytes: 100)
      let first = queue.reserve(1, chunk: 1)
      queue.fill(first.ticket, [sample(largest)])
      var held: [Handover.Reservation] = []
      for _ in 0..<200 {
        switch Int.random(in: 0..<4, using: &random) {
        case 0, 1:
          guard held.count < hands else { continue }
          let place = queue.reserve(Int.random(in: 1...64, using: &random), chunk: 64)
          if place.count > 0 { held.append(place) }
        case 2:
          guard let index = held.indices.randomElement(using: &random) else { continue }
          let place = held.remove(at: index)
          queue.fill(
            place.ticket, (0..<place.count).map { _ in sample(Int.random(in: 0...largest, using: &random)) })
        default: _ = queue.take(Int.random(in: 0...8, using: &random), chunk: 8)
        }
        #expect(queue.waitingByteCount <= 100 + hands * largest, "seed \(seed)")
      }
    }
  }
}
