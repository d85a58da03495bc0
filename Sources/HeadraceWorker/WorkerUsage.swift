import HeadraceRing

/// What a worker has used since its start.
public struct WorkerUsage: Sendable, Hashable {
  /// User and system time of all its threads; with `.sameProcess`, of the whole process.
  public var cpuSeconds: Double
  /// The largest resident set, slots of the ring included.
  public var peakResidentByteCount: Int
  /// Bytes moved within slots, to close the holes that failed samples left, and copied into them, of rows that may
  /// differ in shape; 0 without either.
  public var copiedByteCount: Int
}

extension WorkerUsage {
  init(_ ring: Ring) {
    let usage = ring.workerUsage
    self.init(
      cpuSeconds: Double(usage.cpuNanoseconds) / 1e9, peakResidentByteCount: Int(clamping: usage.peakResidentByteCount),
      copiedByteCount: Int(clamping: usage.copiedByteCount))
  }
}
