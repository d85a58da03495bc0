import HeadraceCore

/// Stored with its id and all fields; those in files are read for that, and are in memory in a record made again.
extension Record: Storable {
  /// Appends id, then name and bytes of each field, as `StoredParts`.
  ///
  /// - Throws: as `bytes(_:)`, for a field in a file.
  public func store(into bytes: inout [UInt8]) throws {
    try StoredParts.append(sampleID, to: &bytes)
    for name in fieldNames {
      try StoredParts.append(name, to: &bytes)
      try StoredParts.append(try self.bytes(name), to: &bytes)
    }
  }

  /// Makes the record again.
  ///
  /// - Throws: `malformedCache` for bytes that are no record.
  public init(storedBytes: Span<UInt8>) throws {
    var parts = StoredParts(storedBytes)
    self.init(sampleID: try parts.next())
    while !parts.isAtEnd { set(try parts.next(), to: try parts.next()) }
  }

  /// The fields, each by its name.
  ///
  /// - Throws: as `bytes(_:)`, for a field in a file.
  public func inspectableFiles() throws -> [(name: String, bytes: [UInt8])] {
    try fieldNames.map { ($0, try bytes($0)) }
  }
}
