// Numbers are stored as they lie in memory, little-endian: integers in two's complement, fractions in IEEE 754.

/// A number whose stored bytes are those in memory, so that arrays of it are stored in one piece.
protocol PlainNumber: Storable, BitwiseCopyable {}

extension HeadraceError {
  /// Stored bytes that their type cannot have written.
  ///
  /// - Parameter what: a sentence without its full stop.
  package static func unstorable(_ what: String) -> HeadraceError {
    HeadraceError(
      .malformedCache, "\(what); these bytes were stored by another type, or by another version of it: store it anew.")
  }
}

extension Storable where Self: FixedWidthInteger {
  /// Appends the integer, little-endian.
  public func store(into bytes: inout [UInt8]) {
    unsafe Swift.withUnsafeBytes(of: littleEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  /// Makes the integer again.
  ///
  /// - Throws: `malformedCache` for another number of bytes than the type has.
  public init(storedBytes: Span<UInt8>) throws {
    let byteCount = MemoryLayout<Self>.size
    guard storedBytes.count == byteCount else {
      throw HeadraceError.unstorable("A stored \(Self.self) has \(byteCount) bytes, here are \(storedBytes.count)")
    }
    self.init(littleEndian: unsafe storedBytes.withUnsafeBytes { unsafe $0.loadUnaligned(as: Self.self) })
  }

  /// One file: `txt`, with the number in decimal digits.
  public func inspectableFiles() -> [(name: String, bytes: [UInt8])] { [("txt", Array("\(self)".utf8))] }
}

extension UInt8: Storable, PlainNumber {}
extension UInt16: Storable, PlainNumber {}
extension UInt32: Storable, PlainNumber {}
extension UInt64: Storable, PlainNumber {}
extension UInt: Storable, PlainNumber {}
extension Int8: Storable, PlainNumber {}
extension Int16: Storable, PlainNumber {}
extension Int32: Storable, PlainNumber {}
extension Int64: Storable, PlainNumber {}
extension Int: Storable, PlainNumber {}

extension Float16: Storable, PlainNumber {
  /// Appends the number's 2 bytes.
  public func store(into bytes: inout [UInt8]) { bitPattern.store(into: &bytes) }
  /// Makes the number again.
  ///
  /// - Throws: `malformedCache` if there are not 2 bytes.
  public init(storedBytes: Span<UInt8>) throws { self.init(bitPattern: try UInt16(storedBytes: storedBytes)) }
}

extension BFloat16: Storable, PlainNumber {
  /// Appends the number's 2 bytes.
  public func store(into bytes: inout [UInt8]) { bitPattern.store(into: &bytes) }
  /// Makes the number again.
  ///
  /// - Throws: `malformedCache` if there are not 2 bytes.
  public init(storedBytes: Span<UInt8>) throws { self.init(bitPattern: try UInt16(storedBytes: storedBytes)) }
}

extension Float: Storable, PlainNumber {
  /// Appends the number's 4 bytes.
  public func store(into bytes: inout [UInt8]) { bitPattern.store(into: &bytes) }
  /// Makes the number again.
  ///
  /// - Throws: `malformedCache` if there are not 4 bytes.
  public init(storedBytes: Span<UInt8>) throws { self.init(bitPattern: try UInt32(storedBytes: storedBytes)) }
}

extension Double: Storable, PlainNumber {
  /// Appends the number's 8 bytes.
  public func store(into bytes: inout [UInt8]) { bitPattern.store(into: &bytes) }
  /// Makes the number again.
  ///
  /// - Throws: `malformedCache` if there are not 8 bytes.
  public init(storedBytes: Span<UInt8>) throws { self.init(bitPattern: try UInt64(storedBytes: storedBytes)) }
}

extension Bool: Storable {
  /// Appends one byte: 0 or 1.
  public func store(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
  /// Makes the value again.
  ///
  /// - Throws: `malformedCache` for anything but one byte that is 0 or 1.
  public init(storedBytes: Span<UInt8>) throws {
    guard storedBytes.count == 1, storedBytes[0] <= 1 else {
      throw HeadraceError.unstorable("A stored Bool is one byte, 0 or 1, here are \(storedBytes.count)")
    }
    self = storedBytes[0] == 1
  }
}
