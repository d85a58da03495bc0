/// The samples that a stage has taken in and not handed on: a part of its state, under its lock.
struct Workload<Task: Sendable, Output: Sendable> {
  private var size = ChunkSize()
  private var open: OpenChunks<Task, Output> = OpenChunks()
  /// What was taken from lanes that are held up, with the places that it has.
  private var returned: [Chunk<Task, Output>.Rest] = []
  /// Samples taken in and not handed on.
  private(set) var count = 0

  /// How many samples to take in at a time.
  var chunkSize: Int { size.count }
  var hasReturned: Bool { !returned.isEmpty }

  /// A chunk of new samples, for a lane to work on; see `Chunk.init`.
  mutating func takeIn(
    firstTicket: Int, count newCount: Int, terms: ChunkTerms = ChunkTerms(), makeTask: (_ place: Int) -> Task
  ) -> Chunk<Task, Output> {
    count += newCount
    return opening(Chunk(firstTicket: firstTicket, count: newCount, terms: terms, makeTask: makeTask))
  }

  /// A chunk of a sample that was taken in before and whose result was pending.
  mutating func takeAgain(ticket: Int, task: Task, terms: ChunkTerms) -> Chunk<Task, Output> {
    opening(Chunk(firstTicket: ticket, tasks: [task], terms: terms))
  }

  /// A chunk of what was taken from another lane.
  mutating func takeReturned() -> Chunk<Task, Output>? {
    guard var rest = returned.popLast() else { return nil }
    let tasks = Array(rest.tasks.prefix(chunkSize))
    let firstTicket = rest.firstTicket
    if tasks.count < rest.tasks.count {
      rest.tasks.removeFirst(tasks.count)
      rest.firstTicket += tasks.count
      returned.append(rest)
    }
    return opening(Chunk(firstTicket: firstTicket, tasks: tasks, terms: rest.terms))
  }

  /// What was taken from other lanes and will not be worked on.
  mutating func removeReturned() -> [Chunk<Task, Output>.Rest] {
    defer { returned = [] }
    return returned
  }

  /// A lane has done what was left to it of a chunk.
  mutating func close(_ chunk: Chunk<Task, Output>, samples: Int, nanoseconds: UInt64) {
    open.remove(chunk)
    size.adapt(samples: samples, nanoseconds: nanoseconds)
  }

  /// So many results were handed on.
  mutating func handedOn(_ results: Int) {
    count -= results
  }

  /// Takes from lanes that have been at one chunk for a whole period what they are not working on. Returns the results
  /// to hand on; what was not begun waits for `takeReturned`.
  mutating func relieve() -> [Chunk<Task, Output>.Results] {
    open.removeOverdue().compactMap { chunk in
      // Samples are not what they were: begin again with one at a time.
      size = ChunkSize()
      let (results, rest) = chunk.relieve()
      if !rest.tasks.isEmpty { returned.append(rest) }
      return results.outputs.isEmpty ? nil : results
    }
  }

  private mutating func opening(_ chunk: Chunk<Task, Output>) -> Chunk<Task, Output> {
    open.add(chunk)
    return chunk
  }
}
