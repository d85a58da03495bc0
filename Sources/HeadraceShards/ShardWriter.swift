import HeadraceCore
import HeadraceSystem

/// Writes a shard in WebDataset's convention, plain or zstd-compressed, that appears under its name when it is whole.
///
/// The same records give the same bytes: times and owners are 0. The tar stream is POSIX ustar, with a pax header for
/// names beyond 100 bytes that do not split and for files of 8 GiB and more. Without `finish()` nothing is left behind.
public struct ShardWriter: ~Copyable {
  /// Bytes given to the encoder or the file at once.
  private static var flushSize: Int { 1 << 20 }

  /// Where the shard will be.
  public let path: String
  /// Samples appended.
  public private(set) var sampleCount = 0
  /// Bytes of the tar stream so far, before compression.
  public private(set) var streamByteCount = 0

  private let temporaryPath: String
  private let file: File
  private var encoder: ZstdEncoder?
  private var pending: [UInt8] = []
  private var lastKey: String?
  private var isFinished = false

  /// Creates a temporary file beside `path`; a file at `path` stays until `finish()`.
  ///
  /// - Throws: `invalidArgument` for a level that zstd does not have; `notFound` and `inputOutput` if the file cannot
  ///   be created.
  public init(path: String, compression: ShardCompression = .plain) throws(HeadraceError) {
    let encoder: ZstdEncoder?
    switch compression {
    case .plain: encoder = nil
    case .zstd(let level):
      guard ZstdEncoder.levels.contains(level) else {
        let levels = ZstdEncoder.levels
        throw HeadraceError(
          .invalidArgument, "zstd has no level \(level); give one from \(levels.lowerBound) to \(levels.upperBound).")
      }
      encoder = try ZstdEncoder(level: level)
    }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8.index(after: $0) } ?? path.startIndex
    let random = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let temporaryPath = "\(path[..<slash]).\(path[slash...]).\(random).partial"
    file = try located { () throws(FileError) in try File(creating: temporaryPath) }
    self.path = path
    self.temporaryPath = temporaryPath
    self.encoder = encoder
  }

  deinit {
    if !isFinished { FileSystem.remove(temporaryPath) }
  }

  /// Appends one sample: a file `key.field` for each field, in the order given.
  ///
  /// - Throws: `invalidArgument` for names that would not be read back as they are, for a sample without fields, for a
  ///   field that is there twice, and for a key equal to the one before; `inputOutput` if writing fails.
  /// - Complexity: Linear in the bytes of the fields.
  public mutating func append(
    key: String, fields: [(name: String, bytes: [UInt8])]
  ) throws(HeadraceError) {
    try check(key, fields.map(\.name))
    for (name, bytes) in fields {
      TarHeader.appendFile(name: "\(key).\(name)", size: bytes.count, to: &pending)
      pending += bytes
      TarHeader.appendPadding(after: bytes.count, to: &pending)
      if pending.count >= Self.flushSize { try flush(isLast: false) }
    }
    lastKey = key
    sampleCount += 1
  }

  /// Appends a record with all its fields; those in files are read now.
  ///
  /// - Throws: As `append(key:fields:)`, and as `Record.bytes(_:)`.
  public mutating func append(_ record: Record) throws(HeadraceError) {
    var fields: [(name: String, bytes: [UInt8])] = []
    for name in record.fieldNames { fields.append((name, try record.bytes(name))) }
    try append(key: record.sampleID.key, fields: fields)
  }

  /// Ends the archive, waits until it is on the disk and gives it its name, replacing what was there.
  ///
  /// - Throws: `inputOutput` if writing or renaming fails; then nothing is left behind.
  public consuming func finish() throws(HeadraceError) {
    pending.append(contentsOf: repeatElement(0, count: 2 * TarHeader.size))
    try flush(isLast: true)
    do throws(FileError) { try file.synchronize() } catch { throw HeadraceError(error) }
    try located { () throws(FileError) in try FileSystem.rename(temporaryPath, to: path) }
    isFinished = true
  }

  private mutating func flush(isLast: Bool) throws(HeadraceError) {
    var bytes: [UInt8] = []
    swap(&bytes, &pending)
    streamByteCount += bytes.count
    if encoder == nil {
      try file.append(bytes.span)
    } else {
      try encoder!.encode(bytes.span, isLast: isLast, to: file)
    }
    bytes.removeAll(keepingCapacity: true)
    swap(&bytes, &pending)
  }

  private func check(_ key: String, _ names: [String]) throws(HeadraceError) {
    guard !names.isEmpty else { throw invalid(key, "has no field, so it would not be read back; give it one") }
    guard lastKey?.hasSameBytes(as: key) != true else {
      throw invalid(key, "follows a sample of the same key; make keys differ")
    }
    var seen: Set<ExactText> = []
    for name in names {
      guard seen.insert(ExactText(name)).inserted else {
        throw invalid(key, "has field \(name) twice; name them apart")
      }
      let file = "\(key).\(name)"
      let read = MemberName(file)
      guard read?.key == key, read?.field == name, !file.utf8.contains(0) else {
        let result = read.map { "as field \($0.field) of sample \($0.key)" } ?? "as no field"
        throw invalid(
          key,
          "with field \(name.debugDescription) would be read back \(result); write the part of a key after the"
            + " last slash without dots, no ./ before the key, and fields in lower case without slashes")
      }
    }
  }

  private func invalid(_ key: String, _ what: String) -> HeadraceError {
    HeadraceError(
      .invalidArgument, "Shard \(path): sample \(key.debugDescription) \(what).",
      sample: SampleID(key: key, path: path))
  }
}
