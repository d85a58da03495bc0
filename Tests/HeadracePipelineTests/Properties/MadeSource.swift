import HeadraceCore

/// Samples that are made when they are asked for, so that nobody else keeps them alive.
struct MadeSource<Sample: Sendable>: Source {
  let count: Int
  let make: @Sendable (_ position: Int) -> Sample
  var name: String { "made" }

  func makeReader(epoch: Int) -> Reader { Reader(source: self) }

  struct Reader: SourceReader {
    let source: MadeSource
    var position = 0

    mutating func next() -> Sample? {
      guard position < source.count else { return nil }
      defer { position += 1 }
      return source.make(position)
    }
  }
}
