/// The compressed pixels of a PNG file of any kind, without the rest: what inflating takes is what no decoder can beat
/// that inflates with libdeflate. For benchmarks.
package struct PNGStream {
  private let compressed: [UInt8]
  /// Bytes that the rows need at most; those of the passes of an interlaced image are shorter, and more.
  private let mostBytes: Int

  /// Takes the IDAT chunks out of a file; nil where there are none.
  package init?(_ file: [UInt8]) {
    let bytes = file.span
    guard let header = try? PNG.header(of: bytes),
      header.width * header.height <= DecodeLimits.default.maximumPixels
    else { return nil }
    mostBytes = 2 * (FilteredRows(header).byteCount * max(8, header.bitDepth) / 8 + 8 * header.height) + 1024
    var compressed: [UInt8] = []
    var at = 33
    while let chunk = PNGChunk(bytes, at: at) {
      if chunk.kind == .data { compressed += file[chunk.data] }
      at = chunk.end
    }
    guard !compressed.isEmpty else { return nil }
    self.compressed = compressed
  }

  /// Inflates into memory that is reused, and checks the Adler-32. Returns the bytes that it made, 0 if it failed.
  package func inflate() -> Int {
    PNGScratch.with { scratch in
      guard scratch.inflated.makeRoom(for: mostBytes) else { return 0 }
      let target = unsafe UnsafeMutableBufferPointer(start: scratch.inflated.start, count: mostBytes)
      return unsafe compressed.withUnsafeBytes { unsafe scratch.inflater.inflateAll($0, into: target) } ?? 0
    } ?? 0
  }
}
