import HeadraceCore

/// A row of an open batch.
struct RowLocation: Hashable {
  /// Number of the batch in the order of opening.
  var batch: Int
  var row: Int
}

/// What to do next with the batches.
enum RowStep {
  /// Publish a batch. Row `i` of it is to be what is now at `rows[i]`; without rows it is given up.
  case commit(batch: Int, rows: [RowLocation], positions: [Int])
  /// A failed sample whose turn has come in the order; it is forgotten when this is returned.
  case failed(SampleFailure)
}

/// Which sample goes to which row of which batch, and which batch is ready: a pure value, tested without a thread.
protocol RowAssembler {
  /// Rows that samples can be assigned to before a further batch has to be opened.
  var freeRowCount: Int { get }

  /// Opens a further batch. Returns its number.
  mutating func openBatch(rows: Int) -> Int

  /// Assigns the next sample to a row. Returns a ticket for `filled` or `failed`, and the row. Tickets are given in order,
  /// without gaps.
  ///
  /// - Precondition: `freeRowCount` > 0.
  mutating func assign(position: Int) -> (ticket: Int, location: RowLocation)

  /// The sample's row is written.
  mutating func filled(_ ticket: Int)

  /// The sample failed: its row is free.
  mutating func failed(_ ticket: Int, _ failure: SampleFailure)

  /// The next thing to do; nil: wait for rows to be written.
  ///
  /// - Parameter hasEnded: nothing more will be assigned, so the rest may be committed as a partial batch.
  mutating func nextStep(hasEnded: Bool) -> RowStep?
}
