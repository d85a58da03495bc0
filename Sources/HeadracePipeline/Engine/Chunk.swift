import Synchronization

/// Samples that a lane has taken at once and works on one after the other.
///
/// Quick samples are taken many at a time, since a hand-over costs more than they do. A quick sample may turn out slow,
/// or never end: then `relieve`, on another thread, takes from the lane what it is not working on.
///
///     tasks    a b c d e f     a and b are done, c is being worked on
///     relieve  results of a and b to be handed on, tasks d e f for whoever is free; the lane is left with c
///
/// One counter decides who does what, at the cost of one atomic addition per sample: the lane adds 1 to begin a task;
/// who relieves it exchanges the counter for a number beyond all tasks. So a task is begun once, and as the counter is
/// written after a result and read before it, results before the last task that was begun are complete for either.
@safe final class Chunk<Task: Sendable, Output: Sendable>: Sendable {
  /// Tasks with consecutive tickets.
  struct Rest: Sendable {
    var firstTicket: Int
    var tasks: [Task]
    var terms = ChunkTerms()
  }

  /// Results with consecutive tickets.
  struct Results: Sendable {
    var firstTicket: Int
    var outputs: [Output]
  }

  let firstTicket: Int
  let count: Int
  let terms: ChunkTerms
  /// Moved out, each once, by whoever begins it or takes it away; what is left goes with the chunk.
  nonisolated(unsafe) private let tasks: UnsafeMutablePointer<Task>
  /// How many tasks are begun; beyond `closed`: what is not begun will not be.
  private let begunCount = Atomic<Int>(0)
  /// Written by the lane in order of the tasks; read, once each, by whoever hands the results on.
  nonisolated(unsafe) private let outputs: UnsafeMutablePointer<Output>

  private static var closed: Int { 1 << 32 }

  /// - Parameter makeTask: gives the task for a place. Called for each, from the last to the first: an array gives its
  ///   last element away without a copy.
  init(firstTicket: Int, count: Int, terms: ChunkTerms = ChunkTerms(), makeTask: (_ place: Int) -> Task) {
    self.firstTicket = firstTicket
    self.terms = terms
    self.count = count
    unsafe tasks = UnsafeMutablePointer.allocate(capacity: count)
    unsafe outputs = UnsafeMutablePointer.allocate(capacity: count)
    var place = count
    while place > 0 {
      place -= 1
      unsafe (tasks + place).initialize(to: makeTask(place))
    }
  }

  convenience init(firstTicket: Int, tasks: [Task], terms: ChunkTerms = ChunkTerms()) {
    self.init(firstTicket: firstTicket, count: tasks.count, terms: terms) { tasks[$0] }
  }

  deinit {
    // Of results, none is left: they have been moved out at the end of `run`.
    unsafe outputs.deallocate()
    let begun = begunCount.load(ordering: .acquiring)
    if begun < count { unsafe (tasks + begun).deinitialize(count: count - begun) }
    unsafe tasks.deallocate()
  }

  /// Calls `body` for each task that nobody takes away, with its ticket, in order, until it returns nil. Returns the
  /// results that nobody has taken. To be called once.
  func run(_ body: (consuming Task, _ ticket: Int) -> Output?) -> Results {
    var done = 0
    while true {
      let begun = begunCount.add(1, ordering: .acquiringAndReleasing).oldValue
      // `relieve` took all results but that of the last task.
      if begun >= Self.closed { return takeResults(max(0, done - 1)..<done) }
      guard begun < count else { return takeResults(0..<done) }
      guard let output = body(unsafe (tasks + begun).move(), firstTicket + begun) else { break }
      unsafe (outputs + begun).initialize(to: output)
      done += 1
    }
    // The task that was given up is begun and not done; those behind it, nobody has taken if the chunk is not relieved.
    let begun = begunCount.exchange(Self.closed, ordering: .acquiringAndReleasing)
    let isRelieved = begun >= Self.closed
    if !isRelieved { _ = takeTasks(from: begun) }
    return takeResults((isRelieved ? done : 0)..<done)
  }

  /// Takes all but the task that is being worked on.
  func relieve() -> (results: Results, rest: Rest) {
    let begun = begunCount.exchange(Self.closed, ordering: .acquiringAndReleasing)
    // The lane has come to the end meanwhile, or this is not the first call.
    guard begun <= count else { return (takeResults(0..<0), Rest(firstTicket: firstTicket, tasks: [])) }
    let rest = Rest(firstTicket: firstTicket + begun, tasks: takeTasks(from: begun), terms: terms)
    return (takeResults(0..<max(0, begun - 1)), rest)
  }

  private func takeTasks(from begun: Int) -> [Task] {
    if begun >= count { return [] }
    return unsafe [Task](unsafeUninitializedCapacity: count - begun) { buffer, taken in
      if let start = buffer.baseAddress { unsafe start.moveInitialize(from: tasks + begun, count: count - begun) }
      taken = count - begun
    }
  }

  private func takeResults(_ range: Range<Int>) -> Results {
    if range.isEmpty { return Results(firstTicket: firstTicket, outputs: []) }
    let taken = unsafe [Output](unsafeUninitializedCapacity: range.count) { buffer, count in
      if let start = buffer.baseAddress {
        unsafe start.moveInitialize(from: outputs + range.lowerBound, count: range.count)
      }
      count = range.count
    }
    return Results(firstTicket: firstTicket + range.lowerBound, outputs: taken)
  }
}
