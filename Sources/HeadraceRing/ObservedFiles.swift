import HeadraceCore
import HeadraceSystem

/// The files of a ring that another process has open, for whoever only looks at it.
package struct ObservedFiles: ~Copyable {
  let ring: MemoryFile
  let exits: FileDescriptor
  let log: FileDescriptor
  package let geometry: RingGeometry

  /// - Parameter processID: a loader's supervisor.
  /// - Returns: nil where that process has none, or has ended.
  /// - Throws: `incompatibleRing` where it is of another version; `systemCall`.
  package static func open(of processID: Int32) throws(HeadraceError) -> ObservedFiles? {
    let numbers = ProcessFiles.memoryFiles(of: processID)
    // It may have inherited files of other loaders.
    guard let (name, ring) = numbers.first(where: { $0.key.hasPrefix(RingName.ring) }),
      let exits = numbers[RingName.exits + name.dropFirst(RingName.ring.count)],
      let log = numbers[RingName.log + name.dropFirst(RingName.ring.count)]
    else { return nil }
    do {
      return try open(ring, exits, log, of: processID)
    } catch let error as HeadraceError {
      throw error
    } catch {
      if let error = error as? Errno, error.isMissingFile { return nil }
      throw HeadraceError(
        .systemCall, "The ring of the loader with process \(processID) could not be opened.", cause: "\(error)")
    }
  }

  /// Whether a process has a ring's memory open.
  package static func areThere(_ processID: Int32) -> Bool {
    ProcessFiles.memoryFiles(of: processID).keys.contains { $0.hasPrefix(RingName.ring) }
  }

  private static func open(_ ring: Int32, _ exits: Int32, _ log: Int32, of processID: Int32) throws -> ObservedFiles {
    let file = try MemoryFile(try ProcessFiles.open(ring, of: processID))
    let exitFile = try ProcessFiles.open(exits, of: processID)
    let logFile = try ProcessFiles.open(log, of: processID)
    let geometry = try geometry(of: file, processID)
    return ObservedFiles(ring: file, exits: exitFile, log: logFile, geometry: geometry)
  }

  private init(
    ring: consuming MemoryFile, exits: consuming FileDescriptor, log: consuming FileDescriptor, geometry: RingGeometry
  ) {
    self.ring = ring
    self.exits = exits
    self.log = log
    self.geometry = geometry
  }

  /// What the header says, read and not mapped: nothing is known of the file yet.
  private static func geometry(
    of file: borrowing MemoryFile, _ processID: Int32
  ) throws(HeadraceError) -> RingGeometry {
    var header = [UInt8](repeating: 0, count: RingLayout.headerByteCount)
    guard unsafe header.withUnsafeMutableBytes({ unsafe file.read($0, at: 0) }) else { throw unknown(processID, nil) }
    func number<Value: FixedWidthInteger>(_ offset: Int, _: Value.Type) -> Value {
      (0..<Value.bitWidth / 8).reduce(0) { $0 | Value(truncatingIfNeeded: header[offset + $1]) << ($1 * 8) }
    }
    let version = number(RingLayout.versionOffset, UInt32.self)
    guard number(RingLayout.magicOffset, UInt64.self) == RingLayout.magic, version == RingLayout.version else {
      throw unknown(processID, version)
    }
    let sharingNumber = number(RingLayout.sharingOffset, UInt32.self)
    guard let sharing = Sharing.allCases.first(where: { $0.number == sharingNumber }),
      let geometry = try? RingGeometry(
        slotCount: Int(number(RingLayout.slotCountOffset, UInt32.self)),
        maximumRows: Int(number(RingLayout.maximumRowsOffset, UInt32.self)),
        payloadByteCount: Int(clamping: number(RingLayout.payloadCapacityOffset, UInt64.self)),
        readerCount: Int(number(RingLayout.readerCountOffset, UInt32.self)), sharing: sharing),
      geometry.byteCount == file.byteCount
    else { throw unknown(processID, version) }
    return geometry
  }

  private static func unknown(_ processID: Int32, _ version: UInt32?) -> HeadraceError {
    HeadraceError(
      .incompatibleRing,
      "The loader with process \(processID) has a ring of layout version \(version.map(String.init) ?? "unknown"), and"
        + " this program knows version \(RingLayout.version); use both of one version.")
  }
}
