import HeadraceCore

/// Samples of sizes that are told.
struct BlobSource: Source {
  let sizes: [Int]
  let live: LiveBytes
  var name: String { "blobs" }

  func makeReader(epoch: Int) -> Reader { Reader(source: self) }

  struct Reader: SourceReader {
    let source: BlobSource
    var position = 0

    mutating func next() -> Blob? {
      guard position < source.sizes.count else { return nil }
      defer { position += 1 }
      return Blob(position, byteCount: source.sizes[position], in: source.live)
    }
  }
}
