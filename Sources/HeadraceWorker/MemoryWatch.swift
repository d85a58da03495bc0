import HeadraceCore
import HeadraceRing
import HeadraceSystem

/// Ends the process of a loader that has most, where all of them together have more memory than they may: within the
/// supervisor, which looks every 20 ms.
final class MemoryWatch: Attendant {
  private let limit: Int
  private let exits: ExitRecorder
  /// Where it is told to the engine how many calls it may make; nil: a worker is told as it begins.
  private let pool: PoolMemory?
  private let ownID = Int32(ProcessIdentity.current.processID)
  private var nextLook = MonotonicClock.now
  private var buffer: [UInt8] = []
  /// One that is told to end, and has its memory until it has.
  private var ending: ProcessHandle?
  private var allowance: CallAllowance

  private static let period: UInt64 = 20_000_000

  /// Calls of closures that may be made at one time.
  var callLimit: Int { allowance.count }

  /// - Parameter callLimit: what it is at first.
  init(limit: Int, callLimit: Int, pool: PoolMemory?, _ exits: ExitRecorder) {
    self.limit = limit
    allowance = CallAllowance(callLimit, at: MonotonicClock.now)
    self.pool = pool
    self.exits = exits
  }

  var descriptors: [Int32] { [] }
  var due: UInt64? { nextLook }

  /// Without a pool a worker that begins is the only one that can be told of more.
  func willStartWorker() {
    if pool == nil { _ = allowance.sufficed(at: MonotonicClock.now) }
  }

  func attend(_ ready: Set<Int32>) -> Bool {
    let now = MonotonicClock.now
    guard now >= nextLook else { return true }
    nextLook = now + Self.period
    guard !isWaitingForEnd else { return true }
    // Worker and pool are the only children, and none of them has been waited for: so each number is its own.
    let used = ProcessTree.children(of: ownID, buffer: &buffer).compactMap { child in
      PrivateMemory.byteCount(of: child, buffer: &buffer).map { (process: child, byteCount: $0) }
    }
    let total = used.reduce(0) { $0 + $1.byteCount }
    guard total > limit, let largest = used.max(by: { $0.byteCount < $1.byteCount }) else {
      if let pool, allowance.sufficed(at: now) { pool.callLimit = callLimit }
      return true
    }
    guard let process = try? ProcessHandle(processID: largest.process) else { return true }
    let isLess = allowance.exceeded(at: now)
    pool?.callLimit = callLimit
    exits.expect(
      largest.process,
      "the loader had \(HumanUnits.bytes(total)) of memory, and memoryLimit is \(HumanUnits.bytes(limit)); this process"
        + " had \(HumanUnits.bytes(largest.byteCount)); \(isLess ? "from then on" : "as before,")"
        + " \(HumanUnits.count(callLimit, "call")) at a time")
    process.send(9)
    ending = consume process
    return true
  }

  private var isWaitingForEnd: Bool {
    switch ending {
    case .some(let process): !Poll.wait(process.descriptor.number, until: 0).first
    case .none: false
    }
  }
}
