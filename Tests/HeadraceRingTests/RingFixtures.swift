import HeadraceCore
import HeadraceSystem
import Synchronization
import Testing

@testable import HeadraceRing

/// A lease in a class, so that tests can keep lists of them and drop them in any order and thread.
final class HeldBatch: Sendable {
  let batch: Batch
  init(_ batch: consuming Batch) { self.batch = batch }
}

/// A claim in a class; dropping it abandons the slot.
@safe
final class HeldClaim: @unchecked Sendable {
  private var claim: SlotClaim?
  private let payload: UnsafeMutableRawBufferPointer
  let slot: Int

  init(_ claim: consuming SlotClaim, of ring: Ring) {
    unsafe payload = claim.payload
    let start = unsafe Int(bitPattern: payload.baseAddress)
    let first = unsafe Int(bitPattern: ring.memory.mapping.bytes.baseAddress) + ring.geometry.slotsOffset
    slot = (start - first) / ring.geometry.slotStride
    self.claim = consume claim
  }

  /// Overwrites the whole payload.
  func fill(with byte: UInt8) {
    unsafe payload.initializeMemory(as: UInt8.self, repeating: byte)
  }

  /// Hands the claim out; it can be had once.
  func take() -> SlotClaim { claim.take()! }
}

extension Ring {
  static func small(
    slots: Int = 2, rows: Int = 4, payload: Int = 4096, readers: Int = 1, sharing: Sharing = .broadcast
  ) throws(HeadraceError) -> Ring {
    try Ring(
      RingGeometry(
        slotCount: slots, maximumRows: rows, payloadByteCount: payload, readerCount: readers, sharing: sharing))
  }

  /// Leases given back since the ring was made.
  var releasedCount: UInt64 {
    unsafe atomic64(readerOffset(0) + RingLayout.ReaderOffset.released).pointee.load(ordering: .acquiring)
  }

  /// States of all slots, as the stamps say.
  var states: [SlotView] {
    (0..<geometry.slotCount).map { slot in
      SlotView(SlotStamp(rawValue: unsafe stamp(slot).pointee.load(ordering: .sequentiallyConsistent)))
    }
  }
}

extension RingProducer {
  func claimIfFree() -> HeldClaim? {
    guard let claim = tryClaim() else { return nil }
    return HeldClaim(claim, of: ring)
  }

  /// Claims a slot that has to be there.
  func claim() throws -> HeldClaim {
    guard let claim = claimIfFree() else { throw HeadraceError(.limitExceeded, "no slot is free") }
    return claim
  }

  /// Claims all slots that are free; from here on the producer waits.
  func claimAll() -> [HeldClaim] {
    var claims: [HeldClaim] = []
    while let claim = claimIfFree() { claims.append(claim) }
    return claims
  }

  /// Publishes a batch of one row: an 8-byte tensor "number" that says which batch it is.
  func publish(_ number: Int, epoch: Int = 0) throws {
    try claim().publish(number, epoch: epoch)
  }

  var controlIsSignalled: Bool { Poll.wait(controlDescriptor, until: 0).first }
}

extension HeldClaim {
  static let number = BatchTensor(name: "number", dtype: .uint64, shape: [1], byteOffset: 0)

  /// Publishes with one sample in each row of the first tensor.
  func publish(tensors: [BatchTensor]) throws(HeadraceError) {
    let rows = tensors.first?.shape.first ?? 0
    try take().publish(tensors: tensors, positions: (0..<rows).map(UInt64.init), epoch: 0, sequence: 0)
  }

  func publish(_ number: Int, epoch: Int = 0) throws {
    let claim = take()
    unsafe claim.payload.storeBytes(of: UInt64(number), as: UInt64.self)
    try claim.publish(tensors: [Self.number], positions: [UInt64(number)], epoch: epoch, sequence: number)
  }
}

/// A delivery that tests can compare and keep.
enum Received {
  case nothing
  case batch(HeldBatch)
  case endOfEpoch(Int)
  case failure(HeadraceError, epoch: Int)
}

extension RingConsumer {
  mutating func receive() throws(HeadraceError) -> Received {
    guard let delivery = try tryTake() else { return .nothing }
    switch consume delivery {
    case .batch(let batch): return .batch(HeldBatch(batch))
    case .endOfEpoch(let epoch): return .endOfEpoch(epoch)
    case .failure(let error, let epoch): return .failure(error, epoch: epoch)
    }
  }

  /// The next message, which has to be a batch.
  mutating func take() throws -> HeldBatch {
    guard case .batch(let batch) = try receive() else { throw HeadraceError(.notFound, "no batch is ready") }
    return batch
  }

  /// The numbers of all batches that wait; each is given back at once.
  mutating func takeNumbers() throws -> [Int] {
    var numbers: [Int] = []
    while case .batch(let batch) = try receive() { numbers.append(try batch.number) }
    return numbers
  }

  /// The error that the next message brings; nil if it brings none.
  mutating func takeError() -> HeadraceError? {
    do throws(HeadraceError) {
      _ = try receive()
      return nil
    } catch {
      return error
    }
  }
}

extension Batch {
  /// The bytes of a tensor, copied.
  func copiedBytes(_ name: String) throws -> [UInt8] {
    let span = try bytes(name)
    return unsafe span.withUnsafeBytes { unsafe Array($0) }
  }

  func errorOfReading<Element: TensorElement>(_ name: String, as type: Element.Type) -> HeadraceError? {
    do throws(HeadraceError) {
      _ = try tensor(name, as: type).count
      return nil
    } catch {
      return error
    }
  }

  /// The number that `HeldClaim.publish` wrote, as it stands in the slot now.
  func number() throws -> Int {
    let span = try tensor("number", as: UInt64.self)
    return Int(span[0])
  }
}

extension HeldBatch {
  var number: Int {
    get throws { try batch.number() }
  }
}

/// Every order of `elements`.
func permutations<Element>(_ elements: [Element]) -> [[Element]] {
  guard elements.count > 1 else { return [elements] }
  return elements.indices.flatMap { index in
    var rest = elements
    let first = rest.remove(at: index)
    return permutations(rest).map { [first] + $0 }
  }
}
