extension SampleID: Storable {
  /// Appends key, offset and path, as `StoredParts`.
  public func store(into bytes: inout [UInt8]) throws {
    try StoredParts.append(key, to: &bytes)
    try StoredParts.append(Int64(offset ?? -1), to: &bytes)
    if let path { try StoredParts.append(path, to: &bytes) }
  }

  /// Makes the name again.
  ///
  /// - Throws: `malformedCache` for bytes that are no name.
  public init(storedBytes: Span<UInt8>) throws {
    var parts = StoredParts(storedBytes)
    let key = try parts.next(String.self)
    let offset = try parts.next(Int64.self)
    let path = parts.isAtEnd ? nil : try parts.next(String.self)
    self.init(key: key, path: path, offset: offset < 0 ? nil : Int(offset))
  }
}
