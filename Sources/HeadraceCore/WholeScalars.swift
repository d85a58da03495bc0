/// Texts in the ring and in logs have bounded room. They are cut between scalars, so that what is there is always
/// UTF-8: readers in other languages refuse anything else.
extension String.UTF8View {
  /// The longest beginning of at most `maximum` bytes that ends between two scalars.
  package func wholePrefix(_ maximum: Int) -> Substring.UTF8View {
    var end = index(startIndex, offsetBy: Swift.max(0, maximum), limitedBy: endIndex) ?? endIndex
    while end > startIndex && end < endIndex && self[end].continuesScalar { formIndex(before: &end) }
    return self[..<end]
  }

  /// The longest end of at most `maximum` bytes that begins between two scalars.
  package func wholeSuffix(_ maximum: Int) -> Substring.UTF8View {
    var start = index(endIndex, offsetBy: -Swift.max(0, maximum), limitedBy: startIndex) ?? startIndex
    while start < endIndex && self[start].continuesScalar { formIndex(after: &start) }
    return self[start...]
  }
}

extension UInt8 {
  /// In UTF-8, bytes of the form 10xxxxxx never begin a scalar.
  fileprivate var continuesScalar: Bool { self & 0xC0 == 0x80 }
}
