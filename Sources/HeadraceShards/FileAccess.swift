import HeadraceCore
import HeadraceSystem

// Files as this target uses them: HeadraceSystem does the work, here its errors become the vocabulary's.

extension HeadraceError {
  init(_ error: FileError) {
    self.init(error.isMissing ? .notFound : .inputOutput, error.description)
  }
}

/// Runs `work` and gives what it throws as a `HeadraceError`.
func located<Result: ~Copyable>(
  _ work: () throws(FileError) -> Result
) throws(HeadraceError) -> Result {
  do {
    return try work()
  } catch {
    throw HeadraceError(error)
  }
}

extension File {
  /// Writes all of `bytes` at the end.
  func append(_ bytes: Span<UInt8>) throws(HeadraceError) {
    do throws(FileError) { try write(bytes) } catch { throw HeadraceError(error) }
  }

  /// Appends to `output` what one read gives; nothing at the end of the file.
  func readSome(into output: inout OutputSpan<UInt8>) throws(HeadraceError) {
    do throws(FileError) { try read(into: &output) } catch { throw HeadraceError(error) }
  }
}

enum FileAccess {
  /// All bytes of a file of at most `limit` bytes, in one allocation unless the file grows meanwhile.
  static func contents(of path: String, limit: Int) throws(HeadraceError) -> [UInt8] {
    let file = try located { () throws(FileError) in try File(reading: path) }
    let size = try located { () throws(FileError) in try file.size() }
    var bytes: [UInt8] = []
    var isAtEnd = false
    while !isAtEnd {
      guard max(size, bytes.count) <= limit else {
        throw HeadraceError(
          .limitExceeded,
          "File \(path) has \(HumanUnits.bytes(max(size, bytes.count))),"
            + " \(HumanUnits.bytes(max(size, bytes.count) - limit)) above the limit of \(HumanUnits.bytes(limit));"
            + " raise ShardLimits.recordByteCount.")
      }
      // One byte more than the size shows the end without a second allocation.
      let room = max(size + 1 - bytes.count, 4096)
      try bytes.append(addingCapacity: room) { (output: inout OutputSpan<UInt8>) throws(HeadraceError) in
        while !output.isFull && !isAtEnd {
          let before = output.count
          try file.readSome(into: &output)
          isAtEnd = output.count == before
        }
      }
    }
    return bytes
  }
}
