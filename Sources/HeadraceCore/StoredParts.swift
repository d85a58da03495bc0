/// Values that are stored one after the other, each with its byte count in front: 8 bytes, little-endian.
///
/// For elements that consist of several: `Storable` shows both sides.
public struct StoredParts: ~Escapable {
  private let bytes: Span<UInt8>
  private var position = 0

  /// Reads parts from the front of `bytes`.
  @_lifetime(copy bytes)
  public init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
  }

  /// True when all parts have been read.
  public var isAtEnd: Bool { position == bytes.count }

  /// Makes a value of the next part.
  ///
  /// - Throws: `malformedCache` if there is no whole part left; what `Value.init(storedBytes:)` throws.
  /// - Complexity: linear in the bytes of the part.
  public mutating func next<Value: Storable>(_: Value.Type = Value.self) throws -> Value {
    let prefix = MemoryLayout<UInt64>.size
    guard bytes.count - position >= prefix else { throw cut(Value.self, prefix) }
    let byteCount = try UInt64(storedBytes: bytes.extracting(position..<position + prefix))
    let start = position + prefix
    guard byteCount <= UInt64(bytes.count - start) else { throw cut(Value.self, byteCount) }
    let value = try Value(storedBytes: bytes.extracting(start..<start + Int(byteCount)))
    position = start + Int(byteCount)
    return value
  }

  /// Appends a value as a part.
  ///
  /// - Throws: what `store(into:)` of the value throws; `bytes` ends as it ended before then.
  /// - Complexity: linear in the bytes of the value.
  public static func append(_ value: some Storable, to bytes: inout [UInt8]) throws {
    let start = bytes.count
    UInt64(0).store(into: &bytes)
    do {
      try value.store(into: &bytes)
    } catch {
      bytes.removeSubrange(start...)
      throw error
    }
    let byteCount = UInt64(bytes.count - start - MemoryLayout<UInt64>.size)
    for index in 0..<MemoryLayout<UInt64>.size {
      bytes[start + index] = UInt8(truncatingIfNeeded: byteCount >> UInt64(8 * index))
    }
  }

  private func cut(_ type: Any.Type, _ needed: some BinaryInteger) -> HeadraceError {
    .unstorable("The next part, a \(type), needs \(needed) bytes at byte \(position) of \(bytes.count)")
  }
}
