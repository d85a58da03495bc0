/// Batches that are complete and are being finished, several side by side, and leave in the order in which they came.
///
/// A pure value, tested without a thread.
struct FinishQueue<Batch> {
  private enum Progress {
    case waiting, begun, finished
  }

  private var batches: Deque<(batch: Batch, progress: Progress)> = Deque()
  /// The number of the first of them.
  private var firstNumber = 0

  var isEmpty: Bool { batches.isEmpty }

  mutating func add(_ batch: Batch) { batches.append((batch, .waiting)) }

  /// The oldest that nobody has begun, with the number for `finished`.
  mutating func takeNext() -> (number: Int, batch: Batch)? {
    guard let index = (0..<batches.count).first(where: { batches[$0].progress == .waiting }) else { return nil }
    batches[index].progress = .begun
    return (firstNumber + index, batches[index].batch)
  }

  /// A batch that was taken is finished. Returns those that may leave now.
  mutating func finished(_ number: Int) -> [Batch] {
    batches[number - firstNumber].progress = .finished
    var leaving: [Batch] = []
    while let first = batches.first, first.progress == .finished {
      leaving.append(first.batch)
      batches.removeFirst()
      firstNumber += 1
    }
    return leaving
  }
}
