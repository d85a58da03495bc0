extension HeadraceError: Storable {
  /// Appends code, texts and sample.
  public func store(into bytes: inout [UInt8]) throws {
    try StoredParts.append(code.rawValue, to: &bytes)
    try StoredParts.append(message, to: &bytes)
    // What may be missing is an array of one or none.
    try StoredParts.append([stage].compactMap(\.self), to: &bytes)
    try StoredParts.append([sample].compactMap(\.self), to: &bytes)
    try StoredParts.append([cause].compactMap(\.self), to: &bytes)
  }

  /// Makes the error again; of a kind that is not known it is a `stageFailed`.
  ///
  /// - Throws: `malformedCache` for bytes that `store(into:)` cannot have written.
  public init(storedBytes: Span<UInt8>) throws {
    var parts = StoredParts(storedBytes)
    let code = try parts.next(UInt32.self)
    let message = try parts.next(String.self)
    let stage = try parts.next([String].self).first
    let sample = try parts.next([SampleID].self).first
    self.init(
      Code(rawValue: code) ?? .stageFailed, message, stage: stage, sample: sample,
      cause: try parts.next([String].self).first)
  }
}
