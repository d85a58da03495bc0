/// The chunks of several samples that lanes work on, to find those that take too long.
struct OpenChunks<Task: Sendable, Output: Sendable> {
  private struct Entry {
    let chunk: Chunk<Task, Output>
    /// It was there at the last look already.
    var isOld = false
  }

  private var entries: [Entry] = []

  mutating func add(_ chunk: Chunk<Task, Output>) {
    // Of one sample, nothing can be taken away.
    if chunk.count > 1 { entries.append(Entry(chunk: chunk)) }
  }

  mutating func remove(_ chunk: Chunk<Task, Output>) {
    if chunk.count > 1 { entries.removeAll { $0.chunk === chunk } }
  }

  /// Takes out those that were open at the last look already: they have taken a whole period.
  mutating func removeOverdue() -> [Chunk<Task, Output>] {
    let overdue = entries.filter(\.isOld).map(\.chunk)
    entries.removeAll(where: \.isOld)
    for index in entries.indices { entries[index].isOld = true }
    return overdue
  }
}
