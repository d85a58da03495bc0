/// An element that can say how much memory it holds.
public protocol ByteCountable {
  /// Bytes of memory that the element keeps, as far as they matter: those of its pixels or text, not of its fields.
  ///
  /// A number below 0 counts as 0, and one above 2^32, 4 GiB, as that.
  ///
  /// - Complexity: O(1).
  var byteCount: Int { get }
}

extension Array: ByteCountable where Element: TensorElement {
  /// Bytes of the elements.
  public var byteCount: Int { count * MemoryLayout<Element>.stride }
}

extension String: ByteCountable {
  /// Bytes of the text in UTF-8.
  public var byteCount: Int { utf8.count }
}
