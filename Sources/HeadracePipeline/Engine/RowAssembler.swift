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

/// Which sample goes to which row of which batch: in batches of one size, or in a batch for each group.
///
/// Not a protocol with a generic stage: the methods of a generic class are called unspecialised, which cost an
/// allocation and 300 ns for each sample.
struct RowAssembler {
  private var batches: BatchAssembler
  /// In place of it, where samples come in groups.
  private var groups: GroupAssembler?

  /// Batches of one size.
  init(size: Int, ordering: Ordering) {
    batches = BatchAssembler(size: size, ordering: ordering)
  }

  /// A batch for each group.
  init(groupsIn ordering: Ordering) {
    batches = BatchAssembler(size: 1, ordering: ordering)
    groups = GroupAssembler(ordering: ordering)
  }

  /// Rows that samples can be assigned to before a further batch has to be opened.
  var freeRowCount: Int { groups?.freeRowCount ?? batches.freeRowCount }

  /// Opens a further batch. Returns its number.
  ///
  /// - Parameter rows: samples of the group; other batches have the size of all.
  mutating func openBatch(rows: Int) -> Int { groups?.openBatch(rows: rows) ?? batches.openBatch() }

  /// Assigns the next sample to a row; see `BatchAssembler`.
  mutating func assign(position: Int) -> (ticket: Int, location: RowLocation) {
    groups?.assign(position: position) ?? batches.assign(position: position)
  }

  /// The sample's row is written.
  mutating func filled(_ ticket: Int) {
    if groups == nil { batches.filled(ticket) } else { groups?.filled(ticket) }
  }

  /// The sample failed: its row is free.
  mutating func failed(_ ticket: Int, _ failure: SampleFailure) {
    if groups == nil { batches.failed(ticket, failure) } else { groups?.failed(ticket, failure) }
  }

  /// The next thing to do; nil: wait for rows to be written.
  mutating func nextStep(hasEnded: Bool) -> RowStep? {
    groups == nil ? batches.nextStep(hasEnded: hasEnded) : groups?.nextStep()
  }
}
