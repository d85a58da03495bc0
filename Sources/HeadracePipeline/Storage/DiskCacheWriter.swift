import HeadraceCore
import HeadraceSystem

/// Writes the samples of one epoch into a file that appears under its name when it is whole.
///
/// Nothing here is thrown at an epoch that is under way: when the disk is full or a sample cannot be stored, the cache
/// is given up, its temporary file removed, and `problem` says why; the epoch goes on without.
///
/// Several processes can write the same cache at once: see `TemporaryFile`. Format: docs/formats/cache.md.
package struct DiskCacheWriter: ~Copyable, Sendable {
  private typealias Layout = DiskCacheLayout

  /// Bytes that are given to the file at once.
  private static let flushByteCount = 1 << 20

  /// Where the cache will be.
  package let path: String
  /// Samples appended.
  package private(set) var count = 0
  /// Bytes of those samples, as stored.
  package private(set) var byteCount = 0
  /// Why there will be no cache; nil as long as all is well.
  package private(set) var problem: HeadraceError?

  private var file: TemporaryFile?
  private let headerChecksum: UInt64
  /// Bytes given to the file.
  private var writtenByteCount = 0
  private var pending: [UInt8]
  /// Where each record begins.
  private var offsets: [UInt64] = []

  /// Begins a cache; what is at `path`, or where a link there leads, stays until `finish()`.
  ///
  /// - Parameter fingerprint: what the samples are made of and by, such as the names of source and stages: a reader
  ///   must give the same. At most 65,536 bytes of UTF-8.
  /// - Throws: `invalidArgument` for a longer fingerprint; `notFound` or `inputOutput` if no file can be created there.
  package init(path: String, fingerprint: String) throws(HeadraceError) {
    let header = try Self.header(fingerprint, path)
    // Of a link, what it leads to is replaced, and not the link: it may be there for the room on another disk.
    let destination = FileSystem.destination(of: path)
    let file = try storing { () throws(FileError) in try TemporaryFile(for: destination) }
    self.init(file: file, header: header)
  }

  /// For tests: a cache in a file of any kind.
  init(file: consuming TemporaryFile, fingerprint: String) throws(HeadraceError) {
    let header = try Self.header(fingerprint, file.path)
    self.init(file: file, header: header)
  }

  private init(file: consuming TemporaryFile, header: [UInt8]) {
    path = file.path
    headerChecksum = Layout.Header.checksum.read(header.span)
    pending = header
    self.file = consume file
  }

  /// Appends a sample. Returns false once the cache has been given up.
  ///
  /// - Parameters:
  ///   - position: the sample's position in its epoch, 0 or more.
  ///   - sample: where it comes from, if that is known.
  /// - Complexity: linear in the bytes of the sample. In use stay 8 bytes of memory for each, and what the largest
  ///   takes.
  @discardableResult
  package mutating func append(position: Int, sample: SampleID?, _ value: some Storable) -> Bool {
    precondition(position >= 0, "a sample has position \(position)")
    guard file != nil else { return false }
    let start = pending.count
    pending.append(contentsOf: repeatElement(0, count: Layout.Record.byteCount))
    if let sample {
      pending += sample.key.utf8
      pending += (sample.path ?? "").utf8
    }
    let payloadStart = pending.count
    do {
      try value.store(into: &pending)
    } catch {
      var reason = HeadraceError(
        .inputOutput, "Cache \(path) was given up, since a sample cannot be stored; the epoch goes on without it.",
        sample: sample, cause: describe(error))
      reason.stage = (error as? HeadraceError)?.stage
      giveUp(reason)
      return false
    }
    let payloadByteCount = pending.count - payloadStart
    let padding = Layout.aligned(pending.count) - pending.count
    pending.append(contentsOf: repeatElement(0, count: padding))
    var header = DiskCacheRecordHeader(position: position, sample: sample, payloadByteCount: payloadByteCount)
    let body = start + Layout.Record.byteCount
    header.bodyChecksum = XXH64.checksum(pending.span.extracting(body...), seed: UInt64(count))
    header.write(into: &pending, at: start, number: count)
    offsets.append(UInt64(writtenByteCount + start))
    count += 1
    byteCount += payloadByteCount
    if pending.count >= Self.flushByteCount { flush() }
    return file != nil
  }

  /// Writes index and trailer, waits until all is on the disk, and gives the file its name, replacing what was there.
  ///
  /// - Throws: `problem` if the cache was given up; `inputOutput` if it has to be now. Nothing is left behind then.
  /// - Complexity: as long as the disk takes for what it has not written yet.
  package consuming func finish() throws(HeadraceError) {
    let indexOffset = writtenByteCount + pending.count
    for offset in offsets { offset.store(into: &pending) }
    let start = pending.count
    pending.append(contentsOf: repeatElement(0, count: Layout.Trailer.byteCount))
    Layout.Trailer.magic.write(Layout.Trailer.magicNumber, into: &pending, at: start)
    Layout.Trailer.count.write(UInt64(count), into: &pending, at: start)
    Layout.Trailer.indexOffset.write(UInt64(indexOffset), into: &pending, at: start)
    Layout.Trailer.payloadByteCount.write(UInt64(byteCount), into: &pending, at: start)
    Layout.Trailer.headerChecksum.write(headerChecksum, into: &pending, at: start)
    let checksum = XXH64.checksum(pending.span.extracting(start..<start + Layout.Trailer.checksum.offset))
    Layout.Trailer.checksum.write(checksum, into: &pending, at: start)
    flush()
    if let file = file.take() {
      do {
        try file.keep()
        return
      } catch {
        giveUp(error)
      }
    }
    throw problem!
  }

  private mutating func flush() {
    do {
      try file?.write(pending.span)
    } catch {
      giveUp(error)
    }
    writtenByteCount += pending.count
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func giveUp(_ error: FileError) {
    giveUp(
      HeadraceError(
        .inputOutput,
        "Cache \(path) was given up after \(HumanUnits.count(count, "sample")); the epoch goes on without it."
          + " \(error)"))
  }

  /// Forgets all, and removes the file.
  private mutating func giveUp(_ problem: HeadraceError) {
    self.problem = problem
    file = nil
    pending = []
    offsets = []
  }

  /// Header and fingerprint, padded.
  private static func header(_ fingerprint: String, _ path: String) throws(HeadraceError) -> [UInt8] {
    guard fingerprint.utf8.count <= Layout.maximumFingerprintByteCount else {
      throw HeadraceError(
        .invalidArgument,
        "The fingerprint of cache \(path) has \(fingerprint.utf8.count) bytes, \(Layout.maximumFingerprintByteCount)"
          + " are possible; give a shorter version.")
    }
    var header = [UInt8](repeating: 0, count: Layout.Header.byteCount)
    header += fingerprint.utf8
    header.append(contentsOf: repeatElement(0, count: Layout.aligned(header.count) - header.count))
    Layout.Header.magic.write(Layout.Header.magicNumber, into: &header)
    Layout.Header.version.write(Layout.version, into: &header)
    Layout.Header.fingerprintByteCount.write(UInt64(fingerprint.utf8.count), into: &header)
    // Computed while its own field is zero.
    Layout.Header.checksum.write(XXH64.checksum(header.span), into: &header)
    return header
  }
}
