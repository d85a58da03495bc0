import Glibc
import Headrace
import HeadraceSystem

/// Children that are forked while a loader, a batch or another child is alive, and have copies of it.
enum ForkScenarios {
  /// What the worker of a second loader has of the first one's ring: `fork-later before|after|never`, which says
  /// whether the first is dropped before that fork, after it, or not at all.
  static func later(_ scenario: Scenario) throws {
    var first: Loader? = Loader(try runPipelineInSubprocess(Samples.pipeline(100_000), threads: 1, slots: 4))
    emit("first", try first?.take() ?? [])
    if scenario.text(0) == "before" { first = nil }
    var second = try runPipelineInSubprocess(Samples.pipeline(100_000), threads: 1, slots: 4)
    if scenario.text(0) == "after" { first = nil }
    if let batch = try second.next() { emit("second", try Samples.values(batch).count) }
    let worker = Int32(second.workerProcessID ?? 0)
    emit("mapped", ProcessFigures.mappedRings(worker))
    emit("opened", ProcessFigures.openRings(worker))
    withExtendedLifetime(first) {}
  }

  /// The names of a loader's processes.
  static func names(_ scenario: Scenario) throws {
    var batches = try runPipelineInSubprocess(Samples.pipeline(10), threads: 1, slots: 2)
    _ = try batches.next()
    let worker = batches.workerProcessID ?? 0
    emit("worker", SmallFile.read("/proc/\(worker)/comm") ?? "")
    let status = SmallFile.read("/proc/\(worker)/status") ?? ""
    let parent = status.split(separator: "\n").first { $0.hasPrefix("PPid:") }?.split(separator: "\t").last ?? "0"
    emit("supervisor", SmallFile.read("/proc/\(parent)/comm") ?? "")
  }

  /// A child drops its copy of a batch, in a ring that it has the memory of.
  static func dropsBatch(_ scenario: Scenario) throws {
    let ring = try Ring(RingGeometry(slotCount: 2, maximumRows: 1, payloadByteCount: 4096))
    guard let claim = RingProducer(ring).tryClaim() else { return }
    let tensor = BatchTensor(name: "x", dtype: .uint8, shape: [1, 8], byteOffset: 0)
    try claim.publish(tensors: [tensor], positions: [0], epoch: 0, sequence: 0)
    var consumer = RingConsumer(ring)
    guard let delivery = try consumer.tryTake(), case .batch(let batch) = consume delivery else { return }
    var held: Held? = Held(batch)
    emit("child", try status { held = nil })
    emit("leased", "\(ring.leasedSlotCount()) of \(held?.batch.count ?? 0)")
    held = nil
    emit("leased_then", ring.leasedSlotCount())
  }

  /// A child drops its copy of a loader, and of a batch of it.
  static func dropsLoader(_ scenario: Scenario) throws {
    var loader: Loader? = Loader(try runPipelineInSubprocess(Samples.pipeline(1000), threads: 1, slots: 4, epochs: 1))
    var held: Held? = try loader?.hold()
    let address = try held.map { try payloadAddress($0.batch) } ?? 0
    emit(
      "child",
      try status {
        // The ring has left a hole here, in which the kernel may put anything, such as the stack of this thread.
        let page = unsafe somethingMapped(at: address)
        held = nil
        loader = nil
        unsafe page?.storeBytes(of: 1, as: UInt8.self)
      })
    var values = try held.map { try Samples.values($0.batch) } ?? []
    held = nil
    while let more = try loader?.take(), !more.isEmpty { values += more }
    emit("exact", values == Array(0..<1000))
  }

  /// A child drops its copy of another child.
  static func dropsChild(_ scenario: Scenario) throws {
    final class Box {
      let child: ChildProcess
      init(_ child: consuming ChildProcess) { self.child = child }
    }
    let page = SharedPage()
    var box: Box? = Box(
      try ChildProcess(name: "other") { _ in
        page.wait(.go)
        page[.reached] = 1
        Assassin.stayForEver()
        return 0
      })
    emit("child", try status { box = nil })
    // Only one that lives gets there.
    page[.go] = 1
    if let box {
      while page[.reached] == 0, !Poll.wait(box.child.descriptor.number, until: 0).first { sched_yield() }
    }
    emit("alive", page[.reached] == 1)
    box = nil
    emit("no_child", ProcessFigures.hasNoChild)
  }

  /// A second loader's pipeline captures a batch of the first: `fork-captured tensor|bytes|position`.
  static func captured(_ scenario: Scenario) throws {
    let loader = Loader(try runPipelineInSubprocess(Samples.pipeline(1000), threads: 1, slots: 4))
    guard let held = try loader.hold() else { return }
    emit("owner", getpid())
    let way = scenario.text(0)
    var second = try runPipelineInSubprocess(
      Samples.pipeline(1000) { value in
        try value + read(held.batch, way)
      }, threads: 1, slots: 4)
    emit("worker", second.workerProcessID ?? 0)
    do throws(HeadraceError) {
      _ = try second.next()
    } catch {
      emit(error)
    }
    emit("held", try Samples.values(held.batch) == Array(0..<10))
  }

  /// A number that is in the batch.
  private static func read(_ batch: borrowing Batch, _ way: String) throws -> Int {
    switch way {
    case "tensor": Int(try batch.tensor("x", as: Int64.self)[0])
    case "bytes": try batch.bytes("x").byteCount
    default: try batch.position(ofRow: 0)
    }
  }

  private static func payloadAddress(_ batch: borrowing Batch) throws -> UInt {
    try unsafe batch.bytes("x").withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
  }

  /// A page of private memory at `address`; nil if there is something already.
  private static func somethingMapped(at address: UInt) -> UnsafeMutableRawPointer? {
    let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE
    let page = unsafe mmap(UnsafeMutableRawPointer(bitPattern: address), 4096, PROT_READ | PROT_WRITE, flags, -1, 0)
    return unsafe page == MAP_FAILED ? nil : page
  }

  /// Runs `body` in a forked child, and tells how that ended.
  private static func status(_ body: () -> Void) throws -> String {
    var child = try ChildProcess(name: "copy") { _ in
      body()
      return 0
    }
    _ = Poll.wait(child.descriptor.number)
    return child.reap().map { "\($0)" } ?? "runs"
  }

  /// Batches in a class, so that a closure can drop them.
  private final class Loader {
    private var batches: Batches
    init(_ batches: consuming Batches) { self.batches = batches }

    func hold() throws -> Held? {
      guard let batch = try batches.next() else { return nil }
      return Held(batch)
    }

    /// The samples of the next batch; none at the end of the epoch.
    func take() throws -> [Int] { try hold().map { try Samples.values($0.batch) } ?? [] }
  }
}
