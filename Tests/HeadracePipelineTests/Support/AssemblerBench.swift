import HeadraceCore

@testable import HeadracePipeline

/// Drives a `BatchAssembler` as the batch stage does, with memory that shows which sample lies in which row.
struct AssemblerBench {
  private var assembler: BatchAssembler
  private let count: Int
  private var memory: [Int: [Int?]] = [:]
  private var tickets: [Int: (ticket: Int, location: RowLocation)] = [:]
  private var assigned = 0
  /// Samples in each batch, in the order of committing.
  private(set) var batches: [[Int]] = []
  /// Samples that were left out, in the order of being named.
  private(set) var failed: [Int] = []
  /// Rows that held another sample than the assembler said.
  private(set) var misreads = 0
  private(set) var movedRows = 0
  /// Rows that lay idle in the newest batch when another was opened.
  private(set) var wastedRows = 0

  init(size: Int, ordering: Ordering, count: Int) {
    assembler = BatchAssembler(size: size, ordering: ordering)
    self.count = count
  }

  static func failure(_ position: Int) -> SampleFailure {
    SampleFailure(epoch: 0, position: position, error: HeadraceError(.stageFailed, "sample \(position)"))
  }

  /// Batches that are still open and hold a sample.
  var openBatchesWithSamples: Int {
    assembler.openBatches.count { memory[$0]?.contains { $0 != nil } == true }
  }

  /// Lets samples in and has them done in `order`. A sample is let in when one of its successors is done, at the
  /// latest.
  mutating func run(order: [Int], failing: Set<Int>) {
    for position in order {
      while assigned <= position { assign() }
      guard let (ticket, location) = tickets.removeValue(forKey: position) else { continue }
      if failing.contains(position) {
        assembler.failed(ticket, Self.failure(position))
      } else {
        // A row that is written while its batch is gone would be a write into memory of the consumer.
        if memory[location.batch] == nil { misreads += 1 }
        memory[location.batch]?[location.row] = position
        assembler.filled(ticket)
      }
      follow(hasEnded: false)
    }
    follow(hasEnded: true)
  }

  private mutating func assign() {
    if assembler.freeRowCount == 0 {
      if let newest = assembler.openBatches.last {
        let inFlight = tickets.values.count { $0.location.batch == newest }
        wastedRows += assembler.size - inFlight - (memory[newest] ?? []).count { $0 != nil }
      }
      memory[assembler.openBatch()] = Array(repeating: nil, count: assembler.size)
    }
    tickets[assigned] = assembler.assign(position: assigned)
    assigned += 1
  }

  private mutating func follow(hasEnded: Bool) {
    while let step = assembler.nextStep(hasEnded: hasEnded) {
      switch step {
      case .failed(let failure): failed.append(failure.position)
      case .commit(let batch, let rows, let positions):
        let found = rows.map { memory[$0.batch]?[$0.row] }
        for (position, sample) in zip(positions, found) where sample != position { misreads += 1 }
        for (place, row) in rows.enumerated() {
          if row != RowLocation(batch: batch, row: place) { movedRows += 1 }
          memory[row.batch]?[row.row] = nil
        }
        memory[batch] = nil
        batches.append(positions)
      }
    }
  }
}
