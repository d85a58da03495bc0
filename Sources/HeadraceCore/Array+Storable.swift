extension Array: Storable where Element: Storable {
  /// Appends the elements: numbers one after the other as in memory, anything else as `StoredParts`.
  ///
  /// - Throws: what an element throws.
  public func store(into bytes: inout [UInt8]) throws {
    guard Element.self is any PlainNumber.Type else {
      for element in self { try StoredParts.append(element, to: &bytes) }
      return
    }
    unsafe withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
  }

  /// Makes the elements again.
  ///
  /// - Throws: `malformedCache` if the bytes do not divide into elements; what `Element.init(storedBytes:)` throws.
  public init(storedBytes: Span<UInt8>) throws {
    guard Element.self is any PlainNumber.Type else {
      self = []
      var parts = StoredParts(storedBytes)
      while !parts.isAtEnd { append(try parts.next()) }
      return
    }
    let stride = MemoryLayout<Element>.stride
    let (count, rest) = storedBytes.count.quotientAndRemainder(dividingBy: stride)
    guard rest == 0 else {
      throw HeadraceError.unstorable(
        "A stored \(Element.self) has \(stride) bytes, and \(storedBytes.count) are no whole number of them")
    }
    // Without room the standard library writes a count into the one empty array that all threads share, which
    // ThreadSanitizer takes for a race.
    guard count > 0 else {
      self = []
      return
    }
    self = unsafe Array(unsafeUninitializedCapacity: count) { memory, initialized in
      // Numbers: any bytes are a value of theirs, and copying bytes makes one.
      unsafe storedBytes.withUnsafeBytes { unsafe UnsafeMutableRawBufferPointer(memory).copyMemory(from: $0) }
      initialized = count
    }
  }
}
