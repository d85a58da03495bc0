import Headrace
import HeadraceTestSupport
import Testing

@Suite struct DamagedShardTests {
  private static let recordCount = 10

  /// Three shards of ten records; the header of the middle one's sixth is overwritten. Whether more files of the fifth
  /// would have followed is then not known, so four of that shard are whole.
  private func makeShards(_ folder: TemporaryFolder) throws -> [String] {
    try (0..<3).map { shard in
      let path = folder.file("\(shard).tar")
      var writer = try ShardWriter(path: path)
      for record in 0..<Self.recordCount {
        try writer.append(key: "\(shard)-\(record)", fields: [("txt", [UInt8(shard), UInt8(record)])])
      }
      try writer.finish()
      if shard == 1 {
        var bytes = try folder.read("1.tar")
        // A member of two bytes takes a block for its header and one for its contents.
        for offset in 0..<16 { bytes[5 * 1024 + offset] = 0xFF }
        _ = try folder.write("1.tar", bytes)
      }
      return path
    }
  }

  @Test func theRestOfADamagedShardIsOneFailureWhichNamesItAndTheNextShardFollows() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    let paths = try makeShards(folder)
    for _ in 0..<2 {
      let source = try ShardSource(paths)
      var elements = try Pipeline("shards", from: source, onFailure: .skip(upTo: 1))
        .map("read") { try $0.bytes("txt").map(Int.init) }
        .run(threads: 2, epochs: 1)
      var found: [[Int]] = []
      while let value = try elements.next() { found.append(value) }
      let expected = (0..<3).flatMap { shard in (0..<(shard == 1 ? 4 : 10)).map { [shard, $0] } }
      #expect(found == expected)
      let failures = elements.takeFailures()
      #expect(failures.count == 1)
      #expect(failures.newest.first?.error.code == .malformedShard)
      #expect(failures.newest.first?.error.stage == "shards")
      #expect(failures.newest.first?.error.message.contains("1.tar") == true, "\(failures.newest)")
      #expect(failures.newest.first?.error.message.contains("5120") == true, "\(failures.newest)")
    }
  }

  @Test func withoutAPolicyItEndsTheEpochAfterTheLastGoodRecord() throws {
    let watchdog = Watchdog()
    defer { watchdog.cancel() }
    let folder = try TemporaryFolder()
    var elements = try Pipeline(from: try ShardSource(try makeShards(folder))).run(threads: 2, epochs: 1)
    var count = 0
    let error = #expect(throws: HeadraceError.self) {
      while try elements.next() != nil { count += 1 }
    }
    #expect(error?.code == .malformedShard)
    #expect(count == 14)
  }
}
