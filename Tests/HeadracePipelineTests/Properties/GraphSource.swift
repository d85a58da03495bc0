import HeadraceCore

/// Numbers that tell in which epoch or pass they were read, with positions that cannot be read.
struct GraphSource<Element: Digestible>: Source {
  let origin: GraphOrigin
  var name: String { "numbers" }

  func makeReader(epoch: Int) -> Reader { Reader(origin: origin, epoch: epoch) }

  struct Reader: SourceReader {
    let origin: GraphOrigin
    let epoch: Int
    var position = 0

    /// A position that cannot be read throws; the reader goes on with the next.
    mutating func next() throws -> Element? {
      guard position < origin.count else { return nil }
      defer { position += 1 }
      if origin.unreadable.contains(position) { throw Mishap() }
      return Element(number: origin.number(at: position, epoch: epoch))
    }
  }
}
