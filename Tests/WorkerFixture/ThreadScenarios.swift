import Glibc
import Headrace
import HeadraceSystem
import Synchronization

/// How many threads there are, and what happens when the system refuses more.
enum ThreadScenarios {
  /// What a process with one thread counts before and after it starts others: `threads-counted NUMBER`.
  static func counted(_ scenario: Scenario) throws {
    let pipe = try Pipe()
    let number = pipe.readEnd.number
    emit("before", ForkSafety.threadCount)
    for _ in 0..<scenario.number(0) { try Thread.start { _ = Poll.wait(number) } }
    emit("after", ForkSafety.threadCount)
    emit("hazard", ForkSafety.hazard.map { "\($0)" } ?? "none")
    withExtendedLifetime(pipe) {}
  }

  /// The system refuses the worker's threads: `threads none|few PLACEMENT`.
  static func refused(_ scenario: Scenario) throws {
    let spec = BatchSpec(size: 1, TensorSpec("x", .int64))
    let pipeline = Pipeline(from: 0..<10).batch(spec) { try $1.write(Int64($0), to: "x") }
    // Each thread's stack takes some mebibytes of addresses; a limit on them binds root as well.
    limitAddresses(scenario.text(0) == "none" ? 1 : 100)
    do throws(HeadraceError) {
      var batches = try runPipelineInSubprocess(
        pipeline, threads: 64, slots: 2, epochs: 1, placement: scenario.placement(1))
      do throws(HeadraceError) {
        var count = 0
        while let batch = try batches.next() { count += batch.rowCount }
        emit("samples", count)
      } catch {
        emit(error)
      }
      emit("again", outcome(&batches))
    } catch {
      emit(error)
    }
    emit("no_child", ProcessFigures.hasNoChild)
  }

  /// The worker has a limit on its addresses, from too little for anything to enough: `threads-tight`.
  ///
  /// Whatever the limit lets it do, each epoch ends.
  static func tight(_ scenario: Scenario) throws {
    let pipeline = Pipeline(from: 0..<200)
      .map(concurrency: 8) { number in [Int64](repeating: Int64(number), count: 10_000) }
      .batch(BatchSpec(size: 8, TensorSpec("x", .int64))) { numbers, row in try row.write(numbers[0], to: "x") }
    for mebibytes in Array(stride(from: 8, through: 400, by: 24)) + [8192] {
      limitAddresses(UInt(mebibytes), isSoft: true)
      defer { Limits.liftSoft(RLIMIT_AS) }
      do throws(HeadraceError) {
        var batches = try runPipelineInSubprocess(pipeline, threads: 8, slots: 2, epochs: 3)
        // The worker has it now, and keeps it.
        Limits.liftSoft(RLIMIT_AS)
        for _ in 0..<3 { emit("epoch", outcome(&batches)) }
      } catch {
        for _ in 0..<3 { emit("epoch", "not started: \(error.code)") }
      }
      emit("limit", mebibytes)
    }
    emit("no_child", ProcessFigures.hasNoChild)
  }

  private static func outcome(_ batches: inout Batches) -> String {
    do throws(HeadraceError) {
      var count = 0
      while let batch = try batches.next(timeout: .seconds(20)) { count += batch.rowCount }
      return String(count)
    } catch {
      return String(describing: error.code)
    }
  }

  /// Room for the worker's threads once, not twice: `threads-once PLACEMENT`.
  static func once(_ scenario: Scenario) throws {
    let threads = 8
    // A limit on processes does not bind root, and counts all of a user's: as a user who has no other.
    guard setuid(UInt32(1_000_000 + getpid())) == 0 else { return emit("error", "not root") }
    // This process, the worker's two threads and the one that enters pages, the stages', and a few.
    Limits.set(__RLIMIT_NPROC, UInt(4 + threads + 3))
    let meeting = Meeting(of: threads)
    let pipeline = Pipeline(from: 0..<64)
      .map(concurrency: .fixed(threads)) { number in
        // The first samples of each epoch wait for each other: it takes all threads to go on.
        if number < threads { meeting.arrive() }
        return number
      }
      .batch(BatchSpec(size: 1, TensorSpec("x", .int64))) { try $1.write(Int64($0), to: "x") }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: threads, slots: 2, epochs: 3, placement: scenario.placement(0))
    for _ in 0..<3 {
      var count = 0
      do throws(HeadraceError) {
        while let batch = try batches.next() { count += batch.rowCount }
        emit("samples", count)
      } catch {
        emit(error)
      }
    }
  }

  /// Lets nobody pass before as many have arrived as belong to it; again and again. The scenario's alarm bounds the
  /// wait.
  private final class Meeting: Sendable {
    private let size: Int
    private let arrivals = Atomic<Int>(0)

    init(of size: Int) { self.size = size }

    func arrive() {
      let before = arrivals.add(1, ordering: .acquiringAndReleasing).oldValue
      while arrivals.load(ordering: .acquiring) < (before / size + 1) * size { sched_yield() }
    }
  }

  private static func limitAddresses(_ mebibytes: UInt, isSoft: Bool = false) {
    let pages = SmallFile.read("/proc/self/statm")?.split(separator: " ").first.flatMap { UInt($0) } ?? 0
    Limits.set(RLIMIT_AS, pages * 4096 + mebibytes << 20, isSoft: isSoft)
  }
}
