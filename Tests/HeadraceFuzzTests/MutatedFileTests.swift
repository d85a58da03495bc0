import HeadraceAllocations
import HeadraceCore
import HeadraceFuzz
import HeadraceImages
import HeadracePipeline
import HeadraceShards
import HeadraceTestSupport
import Testing

/// 10,000 damaged files of each format through a pipeline that leaves out what fails: each in a process of its own, so
/// that allocations are those of the pipeline, and an end by a signal is seen.
@Suite struct MutatedFileTests {
  private static let count = 10_000
  private static let pixels = 1 << 16

  @Test func everyDamagedPNGFileIsDeliveredOrNamed() async {
    await #expect(processExitsWith: .success) { MutatedFileTests.runAndRecord(.png) }
  }

  @Test func everyDamagedJPEGFileIsDeliveredOrNamed() async {
    await #expect(processExitsWith: .success) { MutatedFileTests.runAndRecord(.jpeg) }
  }

  @Test func everyDamagedWebPFileIsDeliveredOrNamed() async {
    await #expect(processExitsWith: .success) { MutatedFileTests.runAndRecord(.webp) }
  }

  @Test func everyDamagedShardIsDeliveredOrNamed() async {
    await #expect(processExitsWith: .success) { MutatedFileTests.runAndRecord(.shard) }
  }

  /// As `ShardSource` reads them one after the other, with all records before the damage.
  @Test func aSourceOfDamagedShardsGivesTheRecordsBeforeTheDamageAndOneErrorForEach() throws {
    let watchdog = Watchdog(seconds: 600)
    defer { watchdog.cancel() }
    let corpus = try FuzzCorpus.files(of: .shard)
    let folder = try TemporaryFolder()
    let paths = try (0..<1000).map { number in
      try folder.write("\(number).tar", MutatedFile(target: .shard, number: number).bytes(of: corpus))
    }
    var expected: [Int?] = []
    for path in paths { expected.append(try? Self.readShard(path)) }
    var elements = try Pipeline(
      "shards", from: try ShardSource(paths, limits: Self.shardLimits), onFailure: .skip(upTo: paths.count)
    ).run(threads: 2, epochs: 1)
    var records: [String: Int] = [:]
    while let record = try elements.next() { records[record.sampleID.path ?? "", default: 0] += 1 }
    let failures = elements.takeFailures()
    #expect(failures.count == expected.count { $0 == nil } && failures.newest.count == failures.count)
    var failed: Set<String> = []
    for failure in failures.newest {
      let path = try #require(paths.first { failure.error.message.contains($0) }, "\(failure)")
      #expect(failed.insert(path).inserted, "\(failure)")
    }
    for (path, count) in zip(paths, expected) {
      #expect(failed.contains(path) == (count == nil))
      if let count { #expect(records[path, default: 0] == count) }
    }
  }

  // MARK: In the other process

  /// What is thrown ends the process without a word to the other; issues come over.
  private static func runAndRecord(_ target: FuzzTarget) {
    do { try run(target) } catch { Issue.record("\(target): \(error)") }
  }

  /// - Throws: where a file is neither delivered nor named, or named for a reason that it cannot have.
  private static func run(_ target: FuzzTarget) throws {
    let watchdog = Watchdog("10,000 damaged files of \(target)", seconds: 600)
    defer { watchdog.cancel() }
    let corpus = try FuzzCorpus.files(of: target)
    let folder = try TemporaryFolder()
    let files = (0..<count).map { MutatedFile(target: target, number: $0) }
    let expected: [HeadraceError.Code] =
      [.limitExceeded, target == .shard ? .malformedShard : .malformedImage]
    AllocationCounter.start()
    var elements = try Pipeline("files", from: SequenceSource(files))
      .map("read", concurrency: 2, onFailure: .skip(upTo: count)) { file in
        let bytes = file.bytes(of: corpus)
        try target == .shard ? readShard(bytes, in: folder, file.number) : readImage(bytes)
        return file.number
      }
      .run(threads: 2, epochs: 1)
    var outcome = [Int](repeating: 0, count: count)
    var delivered = 0
    var failed = 0
    func takeFailures() throws {
      let failures = elements.takeFailures()
      try demand(failures.newest.count == failures.count, "\(failures.count) failures between two elements")
      for failure in failures.newest {
        failed += 1
        outcome[failure.position] += 1
        // A shard's error names a sample in it, and the shard.
        try demand(
          failure.error.sample == files[failure.position].sampleID
            || failure.error.message.contains("/\(failure.position).tar"), "not the file's name: \(failure)")
        try demand(expected.contains(failure.error.code), "another reason: \(failure)")
        try demand(failure.error.stage == "read" && failure.error.message.hasSuffix("."), "\(failure)")
      }
    }
    while let number = try elements.next() {
      delivered += 1
      outcome[number] += 1
      try takeFailures()
    }
    try takeFailures()
    let peak = AllocationCounter.stop().peakBytes
    try demand(delivered + failed == count, "\(delivered) delivered and \(failed) failed of \(count)")
    try demand(outcome.allSatisfy { $0 == 1 }, "a file came twice or never")
    try demand(delivered > count / 50 && failed > count / 50, "\(delivered) delivered, \(failed) failed")
    // Three images of the limit at once, with 4 bytes a pixel and 8 beside them; two shards of buffers, a window and a
    // record. The bytes of the files and what is known of each are small beside that.
    try demand(peak < 16 << 20, "\(peak) bytes were allocated at once")
  }

  private static func demand(_ holds: Bool, _ text: @autoclosure () -> String) throws {
    guard holds else { throw Failure(description: text()) }
  }

  private struct Failure: Error, CustomStringConvertible { var description: String }

  private static func readImage(_ bytes: [UInt8]) throws {
    let decoder = ImageDecoder(
      [.resizeShorterSide(9), .centerCrop(8)], limits: DecodeLimits(maximumPixels: pixels, maximumScans: 20))
    _ = try TensorBytes.decode(bytes, by: decoder, width: 8, height: 8)
  }

  private static let shardLimits = ShardLimits(recordByteCount: 1 << 20, zstdWindowLog: 20)

  private static func readShard(_ bytes: [UInt8], in folder: TemporaryFolder, _ number: Int) throws {
    let path = try folder.write("\(number).tar", bytes)
    _ = try readShard(path)
  }

  /// Records of a shard.
  private static func readShard(_ path: String) throws -> Int {
    let reader = try ShardSource([path], limits: shardLimits).makeReader(epoch: 0)
    var count = 0
    while try reader.next() != nil { count += 1 }
    return count
  }
}
