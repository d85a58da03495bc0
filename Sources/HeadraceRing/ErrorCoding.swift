import HeadraceCore

/// Carries a `HeadraceError` through a slot: the code, then each text with its length.
enum ErrorCoding {
  // code u32, then for message, stage, sample key, sample path and cause: byte count u32 (all ones: absent), UTF-8.
  // Then the sample's offset as i64, -1 if it has none.
  private static let absent = UInt32.max

  /// - Parameter limit: the most bytes to use, at least 32; texts are cut to fit, between scalars.
  static func encode(_ error: HeadraceError, limit: Int) -> [UInt8] {
    let texts = [error.message, error.stage, error.sample?.key, error.sample?.path, error.cause]
    // The fixed parts take 4 + 5 * 4 + 8 bytes. A text may use what is left, short of a reserve for those after it.
    var left = limit - 32
    let reserve = min(48, left / texts.count)
    var bytes: [UInt8] = []
    append(error.code.rawValue, to: &bytes)
    for (index, text) in texts.enumerated() {
      guard let text else {
        append(absent, to: &bytes)
        continue
      }
      let utf8 = Array(text.utf8.wholePrefix(left - reserve * (texts.count - 1 - index)))
      left -= utf8.count
      append(UInt32(utf8.count), to: &bytes)
      bytes += utf8
    }
    append(UInt64(bitPattern: Int64(error.sample?.offset ?? -1)), to: &bytes)
    return bytes
  }

  /// Reads what `encode` wrote; bytes that it cannot have written give an `incompatibleRing` error, never a trap.
  static func decode(_ bytes: [UInt8]) -> HeadraceError {
    var reader = Reader(bytes: bytes)
    guard let rawCode = reader.integer(UInt32.self) else { return unreadable }
    var texts: [String?] = []
    for _ in 0..<5 {
      guard let count = reader.integer(UInt32.self) else { return unreadable }
      guard count != absent else {
        texts.append(nil)
        continue
      }
      guard let text = reader.text(Int(count)) else { return unreadable }
      texts.append(text)
    }
    guard let rawOffset = reader.integer(UInt64.self), let message = texts[0] else { return unreadable }
    let offset = Int64(bitPattern: rawOffset)
    let sample = texts[2].map { SampleID(key: $0, path: texts[3], offset: offset < 0 ? nil : Int(offset)) }
    return HeadraceError(
      HeadraceError.Code(rawValue: rawCode) ?? .stageFailed, message, stage: texts[1], sample: sample, cause: texts[4])
  }

  private static let unreadable = HeadraceError(
    .incompatibleRing, "The worker reported a failure that cannot be read; rebuild both programs from one version.")

  private static func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    mutating func integer<Value: FixedWidthInteger>(_: Value.Type) -> Value? {
      let count = Value.bitWidth / 8
      guard position + count <= bytes.count else { return nil }
      defer { position += count }
      return (0..<count).reduce(0) { $0 | Value(bytes[position + $1]) << Value($1 * 8) }
    }

    mutating func text(_ count: Int) -> String? {
      guard count <= bytes.count - position else { return nil }
      defer { position += count }
      return String(decoding: bytes[position..<(position + count)], as: UTF8.self)
    }
  }
}
