import HeadraceCore
import HeadraceShards
import HeadraceSystem

/// Records of a shard against its listing.
enum ShardFuzz {
  private static let limits = ShardLimits(recordByteCount: 1 << 20, zstdWindowLog: 20)

  static func run(_ bytes: [UInt8]) throws(FuzzFinding) {
    try read(bytes)
    // Checksums that are right let damage through to what is behind them.
    let repaired = TarBlocks.repaired(bytes)
    if repaired != bytes { try read(repaired) }
  }

  private static func read(_ bytes: [UInt8]) throws(FuzzFinding) {
    guard !bytes.isEmpty else { return }
    let file = try file(of: bytes)
    try compare("/proc/self/fd/\(file.descriptor.number)")
  }

  private static func file(of bytes: [UInt8]) throws(FuzzFinding) -> MemoryFile {
    do throws(Errno) {
      let file = try MemoryFile(name: "headrace-fuzz", byteCount: bytes.count)
      let mapping = try Mapping(file)
      unsafe mapping.bytes.copyBytes(from: bytes)
      return file
    } catch {
      throw FuzzFinding("no memory file: \(error)")
    }
  }

  private static func compare(_ path: String) throws(FuzzFinding) {
    var recordCount = 0
    var failure: HeadraceError?
    do throws(HeadraceError) {
      let reader = try ShardSource([path], limits: limits).makeReader(epoch: 0)
      do throws(HeadraceError) {
        while try reader.next() != nil { recordCount += 1 }
      } catch {
        failure = error
      }
      guard try reader.next() == nil else { throw HeadraceError(.wrongType, "A record follows the end.") }
    } catch {
      throw FuzzFinding("after the end or an error: \(error)")
    }
    var listing: ShardListing?
    do throws(HeadraceError) {
      listing = try ShardListing(path, limits: limits)
    } catch {
      try check(error)
      guard failure != nil else { throw FuzzFinding("it is read, but not listed: \(error)") }
    }
    if let error = listing?.error { try check(error) }
    if let failure {
      try check(failure)
      guard failure.message.contains(path) else { throw FuzzFinding("an error without the path: \(failure)") }
    } else if let listing, listing.error != nil || listing.sampleCount != recordCount {
      throw FuzzFinding("\(recordCount) records are read, \(listing.sampleCount) listed")
    }
  }

  private static func check(_ error: HeadraceError) throws(FuzzFinding) {
    try FuzzFinding.check(error, isOneOf: [.malformedShard, .limitExceeded])
  }
}
