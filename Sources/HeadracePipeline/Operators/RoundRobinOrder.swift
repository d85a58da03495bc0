/// Each input in turn has a block of items. One that ends leaves the rest of its block to the next.
struct RoundRobinOrder: InterleaveOrder {
  private let blockLength: Int
  private var open: [Int]
  /// Index into `open` of the input whose turn it is.
  private var turn = 0
  private var givenCount = 0

  /// - Parameters:
  ///   - inputs: how many there are.
  ///   - blockLength: items of a block, 1 or more.
  init(inputs: Int, blockLength: Int = 1) {
    precondition(blockLength > 0, "blocks of \(blockLength)")
    self.blockLength = blockLength
    open = Array(0..<inputs)
  }

  mutating func next() -> Int {
    if givenCount == blockLength {
      turn = (turn + 1) % open.count
      givenCount = 0
    }
    givenCount += 1
    return open[turn]
  }

  mutating func remove(_ input: Int) {
    guard let place = open.firstIndex(of: input) else { return }
    open.remove(at: place)
    if place < turn {
      turn -= 1
    } else if place == turn {
      givenCount = 0
      if turn == open.count { turn = 0 }
    }
  }
}
