import HeadraceCore

/// What a row has come to beside what stands in the batch's memory: which tensors were written, and rows of tensors
/// that have no place before their batch is complete.
struct RowResult {
  /// One bit per tensor.
  var touched: UInt32
  var gathered: GatheredRow?

  func store(into bytes: inout [UInt8]) throws {
    try StoredParts.append(touched, to: &bytes)
    for part in gathered?.parts ?? [] {
      try StoredParts.append(part.map { [$0.shape] } ?? [], to: &bytes)
      let values = part.map { unsafe [UInt8]($0.bytes) } ?? []
      try StoredParts.append(values, to: &bytes)
    }
  }

  /// - Parameters:
  ///   - location: of the row.
  ///   - tensors: how many of them have no places.
  init(_ bytes: Span<UInt8>, at location: RowLocation, tensors: Int) throws {
    var parts = StoredParts(bytes)
    touched = try parts.next()
    if parts.isAtEnd { return }
    let gathered = GatheredRow(location, tensors: tensors)
    for index in 0..<tensors {
      let shape = try parts.next([[Int]].self).first
      let values = try parts.next([UInt8].self)
      guard let shape else { continue }
      unsafe gathered.begin(index, shape: shape, byteCount: values.count).copyBytes(from: values)
    }
    self.gathered = gathered
  }

  init(touched: UInt32, gathered: GatheredRow?) {
    self.touched = touched
    self.gathered = gathered
  }
}
