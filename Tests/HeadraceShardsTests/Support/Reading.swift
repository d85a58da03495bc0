import HeadraceCore
import HeadraceSystem

@testable import HeadraceShards

/// Reads shards to the end, past errors.
func readAll(_ paths: [String], limits: ShardLimits = ShardLimits()) throws -> ([Record], [HeadraceError]) {
  let reader = try ShardSource(paths, limits: limits).makeReader(epoch: 0)
  var records: [Record] = []
  var errors: [HeadraceError] = []
  while true {
    do throws(HeadraceError) {
      guard let record = try reader.next() else { return (records, errors) }
      records.append(record)
    } catch {
      errors.append(error)
    }
  }
}

/// One zstd frame.
func zstd(_ bytes: [UInt8], level: Int = 3) throws -> [UInt8] {
  let folder = try TemporaryFolder()
  var encoder = try ZstdEncoder(level: level)
  let file = try File(creating: folder.file("frame"))
  try encoder.encode(bytes.span, isLast: true, to: file)
  return try folder.read("frame")
}

/// The error that `body` throws.
func failure(_ body: () throws -> Void) throws -> HeadraceError {
  do { try body() } catch let error as HeadraceError { return error }
  throw HeadraceError(.invalidArgument, "nothing was thrown")
}
