import HeadraceCore

/// Numbers from 0, those of the second epoch from 10,000. In the first it fails, if it is to.
struct FailingSource: Source {
  let count: Int
  var failsAt: Int?
  var opens = true
  var name: String { "numbers" }

  func makeReader(epoch: Int) throws -> Reader {
    if !opens, epoch == 0 { throw Mishap() }
    return Reader(source: self, epoch: epoch)
  }

  struct Reader: SourceReader {
    let source: FailingSource
    let epoch: Int
    var position = 0

    mutating func next() throws -> Int? {
      if epoch == 0, position == source.failsAt { throw Mishap() }
      guard position < source.count else { return nil }
      defer { position += 1 }
      return epoch * 10_000 + position
    }
  }
}
