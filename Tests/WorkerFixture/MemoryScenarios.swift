import Glibc
import Headrace
import HeadraceSystem

/// Memory or descriptors for the ring are not to be had: `memory huge|address-space|file-size|descriptors`; or, with
/// `later`, not once the worker runs.
enum MemoryScenarios {
  static func memory(_ scenario: Scenario) throws {
    var slots = 8
    var shape = [32, 1024, 1024]
    switch scenario.text(0) {
    case "huge":
      slots = 4096
      shape = [64, 1024, 1024]
    case "address-space":
      let pages = SmallFile.read("/proc/self/statm")?.split(separator: " ").first.flatMap { UInt($0) } ?? 0
      Limits.set(RLIMIT_AS, pages * 4096 + 64 << 20)
    case "file-size": Limits.set(RLIMIT_FSIZE, 1 << 20)
    case "descriptors": Limits.set(RLIMIT_NOFILE, 5)
    case "later":
      shape = [32, 1024]
      LaterReservation.fails.store(true, ordering: .relaxed)
    default: break
    }
    let spec = BatchSpec(size: 1, TensorSpec("x", .uint8, shape: shape))
    let pipeline = Pipeline(from: 0..<10).batch(spec) { _, _ in }
    do throws(HeadraceError) {
      _ = try runPipelineInSubprocess(pipeline, threads: 1, slots: slots)
      emit("code", "none")
    } catch {
      emit(error)
    }
    emit("no_child", ProcessFigures.hasNoChild)
  }
}
