import Glibc
import Headrace
import HeadraceSystem

/// A ring of 512 MiB, whose pages take some tenths of a second to enter into a page table, and a source that opens for
/// ever.
enum LargeRingScenarios {
  /// The worker is killed while its source opens, at the moment at which the consumer calls `next`.
  static func death(_ scenario: Scenario) throws {
    let page = SharedPage()
    var batches = try start {
      page.wait(.go)
      page[.killedAt] = MonotonicClock.now
      kill(getpid(), SIGKILL)
    }
    page[.go] = 1
    do throws(HeadraceError) {
      _ = try batches.next()
    } catch {
      emit("latency_us", (MonotonicClock.now - page[.killedAt]) / 1000)
      emit(error)
    }
    emitMapped()
  }

  /// The source never gets done opening: `large-timeout TIMEOUT_MS`.
  static func timeout(_ scenario: Scenario) throws {
    let timeout = scenario.number(0)
    let page = SharedPage()
    var batches = try start {
      page[.reached] = 1
      Assassin.stayForEver()
    }
    page.wait(.reached)
    let start = MonotonicClock.now
    do throws(HeadraceError) {
      _ = try batches.next(timeout: .milliseconds(timeout))
    } catch {
      emit("beyond_us", Int((MonotonicClock.now - start) / 1000) - timeout * 1000)
      emit(error)
    }
    emitMapped()
  }

  private static func start(opening: @escaping @Sendable () -> Void) throws -> Batches {
    let spec = BatchSpec(size: 1, TensorSpec("x", .uint8, shape: [64, 1024, 1024]))
    let source = HookedSource(length: 10, opening: { _ in opening() })
    // Two threads, so that nothing of the worker waits for the source.
    return try runPipelineInSubprocess(
      Pipeline(from: source).batch(spec) { _, _ in }, threads: 2, slots: 8, stopTimeout: .zero)
  }

  /// How much shared memory is in this process's page table.
  private static func emitMapped() {
    let lines = (SmallFile.read("/proc/self/status") ?? "").split(separator: "\n")
    let words = lines.first { $0.hasPrefix("RssShmem:") }?.split(whereSeparator: \.isWhitespace) ?? []
    emit("mapped_kib", words.count > 1 ? words[1] : "unknown")
  }
}
