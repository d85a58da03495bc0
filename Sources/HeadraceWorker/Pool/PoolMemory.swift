import HeadraceSystem
import Synchronization

/// Memory that a loader's engine, the processes of its pool, and the supervisor above them share: a desk for each
/// thread of the pool, on which it finds a request and puts the answer.
///
///     engine                        process                     supervisor
///     free ──► requested
///                        requested ──► working
///                          working ──► answered
///     answered ──► free
///                                                working ──► ended      where the process has died
///     requested ─────────────────────────────────────────► ended      where the system refuses the process
///     ended ──► free
///
/// Each arrow is one store or exchange of a word by the only one whose turn it is, so a process may be killed between
/// any two instructions. What was requested and not begun waits for the process that takes the place of the dead one.
/// What a request or an answer says lies in a file in memory, one for each desk, which grows as it must.
@safe
final class PoolMemory: @unchecked Sendable {
  enum DeskState: UInt32 {
    case free = 0
    case requested = 1
    case working = 2
    case answered = 3
    case ended = 4
  }

  /// Whether there is a process of a number.
  private enum Presence: UInt32 {
    /// There will be one in a moment.
    case awaited = 0
    case there = 1
    /// The system refuses it, and it is not known for how long.
    case refused = 2
  }

  /// How a process ended that had a request.
  struct End: Hashable {
    var status: ExitStatus
    /// Whether the supervisor has ended it, because a call was overdue: that one or another.
    var isOnPurpose: Bool
  }

  /// How many processes, and how many threads each has.
  let processCount: Int
  let threadCount: Int
  /// Tells the supervisor that a process is to be ended.
  let endWanted: EventSignal
  private let mapping: Mapping
  private let files: [DeskFile]

  private static let recordByteCount = 128

  /// - Throws: what memfd_create(2), mmap(2) and eventfd(2) throw.
  init(processes: Int, threads: Int) throws(Errno) {
    processCount = processes
    threadCount = threads
    let records = 1 + processes + processes * threads
    mapping = try Mapping(MemoryFile(name: "headrace-pool", byteCount: records * Self.recordByteCount))
    endWanted = try EventSignal()
    var files: [DeskFile] = []
    for _ in 0..<(processes * threads) { files.append(try DeskFile()) }
    self.files = files
    callLimit = processes * threads
  }

  var deskCount: Int { processCount * threadCount }
  func desks(of process: Int) -> Range<Int> { (process * threadCount)..<((process + 1) * threadCount) }
  func process(of desk: Int) -> Int { desk / threadCount }

  // MARK: Engine

  /// Puts a request on a free desk. Returns its number, by which it is told from others at that desk; nil if there is
  /// no memory for it.
  func request(_ bytes: [UInt8], at desk: Int) -> UInt32? {
    guard files[desk].write(bytes) else { return nil }
    let number = unsafe word32(desk, 4).pointee.wrappingAdd(1, ordering: .relaxed).newValue
    unsafe word64(desk, 32).pointee.store(0, ordering: .relaxed)
    unsafe word64(desk, 8).pointee.store(UInt64(bytes.count), ordering: .relaxed)
    // SYNC(request): what was written lies before; pairs with `takeRequest`.
    unsafe state(desk).pointee.store(DeskState.requested.rawValue, ordering: .releasing)
    unsafe Futex.wake(state(desk))
    return number
  }

  /// When the thread of the pool began with what is requested; nil as long as it has not.
  func begun(at desk: Int) -> UInt64? {
    guard unsafe state(desk).pointee.load(ordering: .acquiring) == DeskState.working.rawValue else { return nil }
    let begun = unsafe word64(desk, 32).pointee.load(ordering: .acquiring)
    return begun == 0 ? nil : begun
  }

  /// Waits until there is an answer, or the process has ended, or until `deadline`; nil in that case.
  func waitForEnd(of desk: Int, until deadline: UInt64?) -> DeskState? {
    while true {
      // SYNC(answer): pairs with `answer`, and with `end` of the supervisor.
      let raw = unsafe state(desk).pointee.load(ordering: .acquiring)
      guard let state = DeskState(rawValue: raw), state == .requested || state == .working else {
        return DeskState(rawValue: raw)
      }
      if let deadline, MonotonicClock.now >= deadline { return nil }
      unsafe Futex.wait(self.state(desk), while: raw, until: deadline)
    }
  }

  /// The answer on a desk, which is free then; nil if it cannot be read.
  func takeAnswer(at desk: Int) -> [UInt8]? {
    let bytes = files[desk].read(Int(clamping: unsafe word64(desk, 8).pointee.load(ordering: .relaxed)))
    free(desk)
    return bytes
  }

  /// How the process ended that had the request; the desk is free then.
  func takeEnd(at desk: Int) -> End {
    let kind = unsafe word32(desk, 16).pointee.load(ordering: .relaxed)
    let value = Int32(bitPattern: unsafe word32(desk, 20).pointee.load(ordering: .relaxed))
    let isOnPurpose = unsafe word32(desk, 24).pointee.load(ordering: .relaxed) != 0
    free(desk)
    let status: ExitStatus = kind == 1 ? .exited(value) : kind == 2 ? .signaled(value) : .unknown
    return End(status: status, isOnPurpose: isOnPurpose)
  }

  /// Asks for the end of the process whose thread works on a request.
  func wantEnd(for desk: Int, _ number: UInt32) {
    unsafe word32(desk, 28).pointee.store(number, ordering: .releasing)
    endWanted.signal()
  }

  /// Whether there is a process at this moment: the engine prefers those that are there.
  func isThere(_ process: Int) -> Bool { presence(of: process) == .there }

  /// Whether the system refuses that process at this moment.
  func isRefused(_ process: Int) -> Bool { presence(of: process) == .refused }

  private func presence(of process: Int) -> Presence? {
    Presence(rawValue: unsafe processWord(process, 0).pointee.load(ordering: .relaxed))
  }

  /// Calls that have come to an end, each way of ending included.
  var settledCount: UInt64 { unsafe header.pointee.load(ordering: .relaxed) }
  /// A call has come to its end.
  func settled() { unsafe header.pointee.wrappingAdd(1, ordering: .relaxed) }

  private func free(_ desk: Int) {
    unsafe state(desk).pointee.store(DeskState.free.rawValue, ordering: .releasing)
  }

  /// Calls that the engine may make at one time; the supervisor lowers it.
  var callLimit: Int {
    get { Int(unsafe callLimitWord.pointee.load(ordering: .relaxed)) }
    set { unsafe callLimitWord.pointee.store(UInt32(newValue), ordering: .relaxed) }
  }

  // MARK: A process of the pool

  /// Waits for a request, and takes it; nil if it cannot be read.
  func takeRequest(at desk: Int) -> [UInt8]? {
    while true {
      // SYNC(request): pairs with `request`.
      let (won, raw) = unsafe state(desk).pointee.compareExchange(
        expected: DeskState.requested.rawValue, desired: DeskState.working.rawValue, ordering: .acquiring)
      if won { break }
      // Without a bound: the process ends with its supervisor, whatever its threads wait for.
      unsafe Futex.wait(state(desk), while: raw)
    }
    unsafe word64(desk, 32).pointee.store(MonotonicClock.now, ordering: .releasing)
    return files[desk].read(Int(clamping: unsafe word64(desk, 8).pointee.load(ordering: .relaxed)))
  }

  /// Puts the answer on the desk. Returns false if there is no memory for it.
  func answer(_ bytes: [UInt8], at desk: Int) -> Bool {
    guard files[desk].write(bytes) else { return false }
    unsafe word64(desk, 8).pointee.store(UInt64(bytes.count), ordering: .relaxed)
    // SYNC(answer): what was written to the desk and to batches lies before; pairs with `waitForEnd`.
    _ = unsafe state(desk).pointee.compareExchange(
      expected: DeskState.working.rawValue, desired: DeskState.answered.rawValue, ordering: .releasing)
    unsafe Futex.wake(state(desk))
    return true
  }

  /// CPU time and peak memory of all processes that there were and are.
  var usage: (cpuNanoseconds: UInt64, peakResidentByteCount: UInt64) {
    var cpu: UInt64 = 0
    var peak: UInt64 = 0
    for process in 0..<processCount {
      cpu &+= unsafe processWord64(process, 8).pointee.load(ordering: .relaxed)
      cpu &+= unsafe processWord64(process, 16).pointee.load(ordering: .relaxed)
      peak &+= unsafe processWord64(process, 24).pointee.load(ordering: .relaxed)
    }
    return (cpu, peak)
  }

  /// What a process has used since its start.
  func note(_ usage: ResourceUsage, of process: Int) {
    unsafe processWord64(process, 8).pointee.store(usage.cpuNanoseconds, ordering: .relaxed)
    let peak = unsafe processWord64(process, 24)
    unsafe peak.pointee.store(
      max(peak.pointee.load(ordering: .relaxed), UInt64(clamping: usage.peakResidentByteCount)), ordering: .relaxed)
  }

  // MARK: Supervisor

  /// Whether a process is to be ended because a request is overdue that it works on still.
  func isEndWanted(of process: Int) -> Bool {
    desks(of: process).contains { desk in
      let wanted = unsafe word32(desk, 28).pointee.load(ordering: .acquiring)
      return unsafe wanted != 0 && wanted == word32(desk, 4).pointee.load(ordering: .relaxed)
        && state(desk).pointee.load(ordering: .acquiring) == DeskState.working.rawValue
    }
  }

  /// The first bytes of what a process works on, at each of its desks where it does; of one that ended while it
  /// answered, perhaps of the answer.
  func requests(of process: Int, byteCount: Int) -> [[UInt8]] {
    desks(of: process).compactMap { desk in
      guard unsafe state(desk).pointee.load(ordering: .acquiring) == DeskState.working.rawValue else { return nil }
      return files[desk].read(byteCount)
    }
  }

  /// Notes whether there is a process.
  func note(isThere: Bool, _ process: Int) {
    note(isThere ? .there : .awaited, process)
  }

  private func note(_ presence: Presence, _ process: Int) {
    unsafe processWord(process, 0).pointee.store(presence.rawValue, ordering: .relaxed)
  }

  /// The system refuses the process: whoever has asked it for something asks another.
  ///
  /// Also what it is said to work on: one that was ended again before it could be watched may have begun with it.
  func refuse(_ process: Int) {
    note(.refused, process)
    for desk in desks(of: process) {
      let raw = unsafe state(desk).pointee.load(ordering: .acquiring)
      guard raw == DeskState.requested.rawValue || raw == DeskState.working.rawValue else { continue }
      unsafe word32(desk, 16).pointee.store(0, ordering: .relaxed)
      unsafe word32(desk, 24).pointee.store(1, ordering: .relaxed)
      // SYNC(answer): pairs with `waitForEnd`.
      _ = unsafe state(desk).pointee.compareExchange(
        expected: raw, desired: DeskState.ended.rawValue, ordering: .releasing)
      unsafe Futex.wake(state(desk))
    }
  }

  /// Tells all on whose requests a process was at work that it has ended.
  func end(_ process: Int, _ end: End) {
    note(isThere: false, process)
    let used = unsafe processWord64(process, 8).pointee.exchange(0, ordering: .relaxed)
    unsafe processWord64(process, 16).pointee.wrappingAdd(used, ordering: .relaxed)
    let (kind, value): (UInt32, Int32) =
      switch end.status {
      case .unknown: (0, 0)
      case .exited(let value): (1, value)
      case .signaled(let value): (2, value)
      }
    for desk in desks(of: process) {
      unsafe word32(desk, 16).pointee.store(kind, ordering: .relaxed)
      unsafe word32(desk, 20).pointee.store(UInt32(bitPattern: value), ordering: .relaxed)
      unsafe word32(desk, 24).pointee.store(end.isOnPurpose ? 1 : 0, ordering: .relaxed)
      // SYNC(answer): pairs with `waitForEnd`.
      _ = unsafe state(desk).pointee.compareExchange(
        expected: DeskState.working.rawValue, desired: DeskState.ended.rawValue, ordering: .releasing)
      unsafe Futex.wake(state(desk))
    }
  }

  /// Forgets all requests: whoever made them is gone, and so is who had them.
  func clear() {
    for desk in 0..<deskCount { free(desk) }
    for process in 0..<processCount { note(isThere: false, process) }
  }

  // MARK: Where things lie

  // record 0: settled u64 | calls at one time u32
  // record of a process: presence u32 | unused u32 | CPU u64 | CPU of those before u64 | peak u64
  // record of a desk: state u32 | number of the request u32 | byte count u64 | end kind u32 | end value u32 | end was
  // on purpose u32 | number of the request that is overdue u32 | when it was begun u64

  private var header: UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe mapping.bytes.baseAddress!.assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  private var callLimitWord: UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe record(0, 8).assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  @unsafe private func state(_ desk: Int) -> UnsafeMutablePointer<Atomic<UInt32>> { unsafe word32(desk, 0) }

  @unsafe private func word32(_ desk: Int, _ offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe record(1 + processCount + desk, offset).assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  @unsafe private func word64(_ desk: Int, _ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe record(1 + processCount + desk, offset).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  @unsafe private func processWord(_ process: Int, _ offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
    unsafe record(1 + process, offset).assumingMemoryBound(to: Atomic<UInt32>.self)
  }

  @unsafe private func processWord64(_ process: Int, _ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
    unsafe record(1 + process, offset).assumingMemoryBound(to: Atomic<UInt64>.self)
  }

  @unsafe private func record(_ index: Int, _ offset: Int) -> UnsafeMutableRawPointer {
    unsafe mapping.bytes.baseAddress! + index * Self.recordByteCount + offset
  }
}
