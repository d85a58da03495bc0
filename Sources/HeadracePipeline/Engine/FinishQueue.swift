import HeadraceCore

/// Batches that are complete and are being finished, several side by side, and leave in the order in which they came;
/// at the end, maybe, an error that comes after them.
///
/// A pure value, tested without a thread.
struct FinishQueue<Batch> {
  /// What has its turn.
  enum Leaving {
    case batch(Batch)
    /// Nothing comes after it.
    case failure(HeadraceError)
  }

  private enum Progress {
    case waiting, begun, finished
    case failed(HeadraceError)
  }

  private var batches: Deque<(batch: Batch, progress: Progress)> = Deque()
  /// The number of the first of them.
  private var firstNumber = 0
  /// What comes after all of them.
  private var failure: HeadraceError?

  /// Whether an error is decided, so that no further batch will be handed on.
  private(set) var isFailing = false

  /// Whether all that was added has left.
  var isEmpty: Bool { batches.isEmpty && failure == nil }

  /// Adds a complete batch.
  ///
  /// - Precondition: not `isFailing`.
  mutating func add(_ batch: Batch) {
    precondition(!isFailing, "a batch after the error that ends them")
    batches.append((batch, .waiting))
  }

  /// Decides for an error, to leave after the batches that were added.
  mutating func fail(_ error: HeadraceError) {
    guard !isFailing else { return }
    isFailing = true
    failure = error
  }

  /// The oldest that nobody has begun, with the number for `finished`.
  mutating func takeNext() -> (number: Int, batch: Batch)? {
    for index in 0..<batches.count {
      guard case .waiting = batches[index].progress else { continue }
      batches[index].progress = .begun
      return (firstNumber + index, batches[index].batch)
    }
    return nil
  }

  /// A batch that was taken is finished, or could not be.
  mutating func finished(_ number: Int, _ error: HeadraceError? = nil) {
    batches[number - firstNumber].progress = error.map(Progress.failed) ?? .finished
    if error != nil { isFailing = true }
  }

  /// What may leave next; nil: nothing until a batch is finished.
  mutating func leaveNext() -> Leaving? {
    guard let first = batches.first else {
      return failure.take().map(Leaving.failure)
    }
    switch first.progress {
    case .waiting, .begun: return nil
    case .failed(let error): return .failure(error)
    case .finished:
      batches.removeFirst()
      firstNumber += 1
      return .batch(first.batch)
    }
  }
}
