import Headrace
import HeadraceSystem

/// All that the two processes of one measurement share: the ring, the rivals' streams, orders and answers.
///
/// Made before the fork; each side then uses its ends.
final class TransportLink {
  let ring: Ring
  let byteCount: Int
  var pipe: ByteStream
  var socket: ByteStream
  private var orders: ByteStream
  private var answers: ByteStream

  /// - Parameter byteCount: bytes of a payload.
  init(byteCount: Int, slots: Int) throws {
    self.byteCount = byteCount
    ring = try Ring(RingGeometry(slotCount: slots, maximumRows: 1, payloadByteCount: byteCount))
    // As large as any user may make it: with the default of 64 KiB large payloads take three times as long.
    pipe = try ByteStream.pipe(capacity: 1 << 20)
    socket = try ByteStream.unixSocket()
    orders = try ByteStream.pipe()
    answers = try ByteStream.pipe()
  }

  /// Lets go of the ends that only the producer writes to: its death then ends every read.
  func becomeConsumer() {
    pipe.closeWriteEnd()
    socket.closeWriteEnd()
    answers.closeWriteEnd()
  }

  func send(_ order: TransportOrder) throws {
    var order = order
    try unsafe withUnsafeBytes(of: &order) { bytes throws(Errno) in try unsafe orders.write(bytes) }
  }

  /// The next order; nil when there will be none.
  func nextOrder() throws -> TransportOrder? {
    var order = TransportOrder(kind: .payloads, mode: .inPlace, count: 0)
    let isComplete = try unsafe withUnsafeMutableBytes(of: &order) { bytes throws(Errno) in
      try unsafe orders.read(into: bytes)
    }
    return isComplete ? order : nil
  }

  /// Tells the consumer that an order is done, and how long it took.
  func answer(nanoseconds: UInt64) throws {
    var nanoseconds = nanoseconds
    try unsafe withUnsafeBytes(of: &nanoseconds) { bytes throws(Errno) in try unsafe answers.write(bytes) }
  }

  /// The producer's time for the order, in nanoseconds.
  func awaitAnswer() throws -> UInt64 {
    var nanoseconds: UInt64 = 0
    let isComplete = try unsafe withUnsafeMutableBytes(of: &nanoseconds) { bytes throws(Errno) in
      try unsafe answers.read(into: bytes)
    }
    guard isComplete else { throw ProducerEnded() }
    return nanoseconds
  }
}
