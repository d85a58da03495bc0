/// A frame header, and what its file has at least.
struct JPEGFrame {
  var header: JPEGHeader
  /// Bytes of coded data: Huffman codes have a bit at least for each block of each component. ITU-T T.81, C.2. With
  /// arithmetic coding it may be less than a bit: 0 then.
  let leastByteCount: Int

  /// - Parameter factors: how many samples a component has, along rows and columns, to those of the others.
  init(header: JPEGHeader, factors: [(horizontal: Int, vertical: Int)], isArithmetic: Bool) {
    self.header = header
    let horizontal = factors.map(\.horizontal).max() ?? 0
    let vertical = factors.map(\.vertical).max() ?? 0
    guard !isArithmetic, horizontal > 0, vertical > 0 else {
      leastByteCount = 0
      return
    }
    /// Blocks of 8 samples. ITU-T T.81, A.1.1.
    func blocks(_ pixels: Int, _ factor: Int, _ largest: Int) -> Int {
      (pixels * factor + 8 * largest - 1) / (8 * largest)
    }
    leastByteCount =
      factors.reduce(0) { sum, factor in
        sum + blocks(header.width, factor.horizontal, horizontal) * blocks(header.height, factor.vertical, vertical)
      } / 8
  }
}
