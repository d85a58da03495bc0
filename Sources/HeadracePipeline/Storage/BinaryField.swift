/// An integer at a fixed place of a format, little-endian.
struct BinaryField: Hashable, Sendable {
  /// The field's name on the format's page.
  let name: String
  /// Bytes from the start of the header or record that it belongs to.
  let offset: Int
  /// Bytes that it takes: 4 or 8.
  let byteCount: Int

  /// Stores `value` in the structure that begins at `start`; it must fit.
  func write(_ value: UInt64, into bytes: inout [UInt8], at start: Int = 0) {
    precondition(
      byteCount == 8 || value >> UInt64(8 * byteCount) == 0, "\(name) is \(value), it has \(byteCount) bytes")
    for index in 0..<byteCount { bytes[start + offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index)) }
  }

  /// The value in the structure that `bytes` begins with.
  func read(_ bytes: Span<UInt8>) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<byteCount { value |= UInt64(bytes[offset + index]) << UInt64(8 * index) }
    return value
  }
}
