extension String: Storable {
  /// Appends the text in UTF-8.
  public func store(into bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }

  /// Makes the text again.
  ///
  /// - Throws: `malformedCache` if the bytes are not UTF-8.
  public init(storedBytes: Span<UInt8>) throws {
    guard let text = try? UTF8Span(validating: storedBytes) else {
      throw HeadraceError.unstorable("A stored String is UTF-8, these \(storedBytes.count) bytes are not")
    }
    self.init(copying: text)
  }

  /// One file: `txt`, with the text in UTF-8.
  public func inspectableFiles() -> [(name: String, bytes: [UInt8])] { [("txt", Array(utf8))] }
}
