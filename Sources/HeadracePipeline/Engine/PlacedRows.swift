import HeadraceCore

/// Moves and clears rows of the tensors whose rows have places from the start.
@safe struct PlacedRows {
  private let layout: BatchLayout

  init(_ layout: BatchLayout) {
    self.layout = layout
  }

  /// Moves rows to where they belong in batch `batch`. Nothing to do unless a sample failed.
  ///
  /// - Parameters:
  ///   - rows: row `i` is to be what is now at `rows[i]`.
  ///   - memory: that of an open batch.
  /// - Returns: bytes that were moved.
  func closeHoles(
    of batch: Int, rows: [RowLocation], memory: (_ batch: Int) -> UnsafeMutableRawBufferPointer?
  ) -> Int {
    let moved = rows.enumerated().filter { $0.element != RowLocation(batch: batch, row: $0.offset) }
    guard !moved.isEmpty, let target = unsafe memory(batch) else { return 0 }
    var byteCount = 0
    for (tensor, spec) in zip(layout.placedTensors, layout.placed) {
      let size = spec.byteCount
      // Through private memory, because a row's new place may be another's old one.
      var kept: [UInt8] = []
      kept.reserveCapacity(moved.count * size)
      for (_, source) in moved {
        let start = tensor.byteOffset + source.row * size
        if let bytes = unsafe memory(source.batch) { unsafe kept.append(contentsOf: bytes[start..<(start + size)]) }
      }
      for (place, (row, _)) in moved.enumerated() {
        let start = tensor.byteOffset + row * size
        unsafe UnsafeMutableRawBufferPointer(rebasing: target[start..<(start + size)])
          .copyBytes(from: kept[(place * size)..<((place + 1) * size)])
      }
      byteCount += moved.count * size
    }
    return byteCount
  }

  /// Makes rows those of no sample: zeros, or the padding of a padded tensor.
  func clear(_ rows: Range<Int>, memory: UnsafeMutableRawBufferPointer) {
    for (tensor, spec) in zip(layout.placedTensors, layout.placed) {
      let start = tensor.byteOffset + rows.lowerBound * spec.byteCount
      let end = tensor.byteOffset + rows.upperBound * spec.byteCount
      unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<end]).fill(with: spec.paddingElement ?? [0])
    }
  }
}
