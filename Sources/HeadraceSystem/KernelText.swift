/// Takes numbers out of the text that the kernel shows in /proc, byte by byte: nothing is allocated.
struct KernelText: ~Escapable {
  private let bytes: Span<UInt8>
  private var position = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }

  /// Goes behind the last `byte` of the text; stays and returns false if there is none.
  mutating func skipPastLast(_ byte: Unicode.Scalar) -> Bool {
    var place = bytes.count
    while place > position {
      place -= 1
      if bytes[place] == UInt8(ascii: byte) {
        position = place + 1
        return true
      }
    }
    return false
  }

  /// Goes behind the next `byte` of this line; stays and returns false if there is none.
  mutating func skipPast(_ byte: Unicode.Scalar) -> Bool {
    var place = position
    while place < bytes.count, bytes[place] != UInt8(ascii: "\n") {
      place += 1
      if bytes[place - 1] == UInt8(ascii: byte) {
        position = place
        return true
      }
    }
    return false
  }

  /// Goes to the beginning of the next line.
  mutating func skipLine() {
    while position < bytes.count {
      position += 1
      if bytes[position - 1] == UInt8(ascii: "\n") { return }
    }
  }

  mutating func skipSpaces() {
    while position < bytes.count, bytes[position] == UInt8(ascii: " ") { position += 1 }
  }

  /// Goes behind the next `count` words, whatever they are.
  mutating func skipWords(_ count: Int) {
    for _ in 0..<count {
      skipSpaces()
      while position < bytes.count, !isBlank(bytes[position]) { position += 1 }
    }
  }

  /// The next byte, which is taken.
  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  /// Whether `text` comes next; if so it is taken.
  mutating func take(_ text: String) -> Bool {
    var place = position
    for byte in text.utf8 {
      guard place < bytes.count, bytes[place] == byte else { return false }
      place += 1
    }
    position = place
    return true
  }

  /// The next word as a number; nil, and nothing is taken, if it is none, such as one below 0 or beyond 64 bits.
  mutating func number() -> UInt64? {
    skipSpaces()
    var place = position
    var value: UInt64 = 0
    while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) {
      let (product, isLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isTooLarge) = product.addingReportingOverflow(UInt64(bytes[place] - UInt8(ascii: "0")))
      if isLarge || isTooLarge { return nil }
      value = sum
      place += 1
    }
    guard place > position, place == bytes.count || isBlank(bytes[place]) else { return nil }
    position = place
    return value
  }

  /// The number of the first line that begins with `key`, wherever that is; nil if there is none.
  func number(of key: String) -> UInt64? {
    var text = self
    text.position = 0
    while !text.isAtEnd {
      if text.take(key) { return text.number() }
      text.skipLine()
    }
    return nil
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") }
}
