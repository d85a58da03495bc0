extension UnsafeMutableRawBufferPointer {
  /// Fills the memory with one element, over and over.
  ///
  /// - Parameter element: its bytes; the memory has room for a whole number of them.
  @unsafe func fill(with element: [UInt8]) {
    guard unsafe !isEmpty, let first = element.first else { return }
    if element.allSatisfy({ $0 == first }) {
      unsafe initializeMemory(as: UInt8.self, repeating: first)
      return
    }
    // What is filled is copied behind itself, so the pieces double.
    unsafe copyBytes(from: element)
    var filled = element.count
    while filled < count {
      let next = Swift.min(filled, count - filled)
      unsafe UnsafeMutableRawBufferPointer(rebasing: self[filled..<(filled + next)])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: self[..<next]))
      filled += next
    }
  }
}
