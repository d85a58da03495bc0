import HeadraceCore

/// Numbers that tell in which epoch or pass they were read, with positions that cannot be read.
struct GraphSource: Source {
  let count: Int
  /// Positions whose read throws; the reader goes on with the next.
  let unreadable: Set<Int>
  var name: String { "numbers" }

  static func number(at position: Int, epoch: Int) -> Int { epoch * 10_000 + position }

  func makeReader(epoch: Int) -> Reader { Reader(source: self, epoch: epoch) }

  struct Reader: SourceReader {
    let source: GraphSource
    let epoch: Int
    var position = 0

    mutating func next() throws -> Int? {
      guard position < source.count else { return nil }
      defer { position += 1 }
      if source.unreadable.contains(position) { throw Mishap() }
      return GraphSource.number(at: position, epoch: epoch)
    }
  }
}
