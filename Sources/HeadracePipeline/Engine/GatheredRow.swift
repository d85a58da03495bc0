import HeadraceCore

/// What one sample has written to tensors whose rows have no place before their batch is complete.
///
/// A lane writes it, and hands it on with the outcome of the sample; it does not change after that.
@safe final class GatheredRow: @unchecked Sendable {
  /// The row of one tensor: its elements without gaps.
  @safe struct Part {
    let shape: [Int]
    let bytes: UnsafeMutableRawBufferPointer

    var byteCount: Int { unsafe bytes.count }
  }

  /// The row of the batch that the sample was given.
  let location: RowLocation
  private(set) var parts: [Part?]

  /// - Parameter tensors: how many tensors of the batch are gathered.
  init(_ location: RowLocation, tensors: Int) {
    self.location = location
    parts = Array(repeating: nil, count: tensors)
  }

  deinit {
    for index in parts.indices { free(index) }
  }

  /// Memory for the row of a tensor, in place of what it had before.
  @unsafe func begin(_ index: Int, shape: [Int], byteCount: Int) -> UnsafeMutableRawBufferPointer {
    free(index)
    // Never none: a row without elements has an address too.
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(byteCount, 1), alignment: 64)
    let bytes = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[..<byteCount])
    parts[index] = unsafe Part(shape: shape, bytes: bytes)
    return unsafe bytes
  }

  private func free(_ index: Int) {
    if let part = parts[index] { unsafe part.bytes.deallocate() }
  }
}
