import Glibc

@testable import HeadraceRing

/// What a ring's memory holds of messages and readers, to come back to.
struct RingSnapshot {
  private let parts: [[UInt8]]

  init(_ ring: Ring) {
    parts = ring.messageParts.map { unsafe Array(ring.bytes($0)) }
  }

  func restore(_ ring: Ring) {
    for (range, part) in zip(ring.messageParts, parts) { unsafe ring.bytes(range).copyBytes(from: part) }
  }
}

extension Ring {
  /// All that is written while messages are published, taken and given back.
  fileprivate var messageParts: [Range<Int>] {
    [0..<geometry.inFlightOffset, geometry.slotsOffset..<geometry.byteCount]
  }

  func hasSameMessages(as other: Ring) -> Bool {
    messageParts.allSatisfy { unsafe memcmp(bytes($0).baseAddress!, other.bytes($0).baseAddress!, $0.count) == 0 }
  }

  func copyMessages(of other: Ring) {
    for part in messageParts { unsafe bytes(part).copyMemory(from: UnsafeRawBufferPointer(other.bytes(part))) }
  }
}
