import HeadraceCore

/// Numbers from 0, made when they are asked for.
struct SizedNumberSource: Source {
  let count: Int
  let bound: Int
  let live: LiveBytes
  var name: String { "numbers" }

  func makeReader(epoch: Int) -> Reader { Reader(source: self) }

  struct Reader: SourceReader {
    let source: SizedNumberSource
    var position = 0

    mutating func next() -> SizedNumber? {
      guard position < source.count else { return nil }
      defer { position += 1 }
      return SizedNumber(number: position, bound: source.bound, live: source.live)
    }
  }
}
