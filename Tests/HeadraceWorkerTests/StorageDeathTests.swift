import Foundation
import Headrace
import HeadraceTestSupport
import Testing

/// A process that is killed while it writes leaves whole files, or none.
@Suite struct StorageDeathTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func aKilledWriterLeavesAWholeCacheOrNoneAndTheNextTidiesUp() throws {
    let path = folder.file("c")
    for round in 0..<10 {
      let fixture = try Fixture("store-cache", path)
      // The first one is killed before its cache is whole, or just after; the others wherever they are.
      if round > 0 { _ = try fixture.waitForLine("round") }
      kill(fixture.processID, SIGKILL)
      #expect(try fixture.finish().status == .signaled(SIGKILL))
      if try folder.names().contains("c") || round > 0 { try expectWhole(path) }
    }
    var writer = try DiskCacheWriter(path: path, fingerprint: "fixture")
    #expect(try folder.names().filter { $0.hasSuffix(".partial") }.count == 1, "its own")
    writer.append(position: 0, sample: nil, [1 as UInt8])
    try writer.finish()
    #expect(try folder.names() == ["c"])
  }

  @Test func whoeverReadsWhileTwoProcessesWriteReadsAWholeCache() throws {
    let path = folder.file("c")
    let fixtures = [try Fixture("store-cache", path), try Fixture("store-cache", path)]
    for fixture in fixtures { _ = try fixture.waitForLine("round") }
    for _ in 0..<50 { try expectWhole(path) }
    for fixture in fixtures {
      kill(fixture.processID, SIGKILL)
      #expect(try fixture.finish().status == .signaled(SIGKILL), "none of them had an error")
    }
    try expectWhole(path)
  }

  @Test func aKilledWorkerLeavesWholeEntries() throws {
    let path = folder.file("bad")
    for _ in 0..<5 {
      let fixtures = [try Fixture("store-quarantine", path), try Fixture("store-quarantine", path)]
      for fixture in fixtures { _ = try fixture.waitForLine("kept") }
      for fixture in fixtures {
        kill(fixture.processID, SIGKILL)
        #expect(try fixture.finish().status == .signaled(SIGKILL))
      }
    }
    let workers = try folder.names("bad").filter { !$0.hasPrefix(".") }
    #expect(workers.count == 10, "one for each process")
    var count = 0
    for worker in workers {
      // All up to the kill: none is left out.
      let names = try folder.names("bad/\(worker)")
      #expect(names == names.indices.map { String(format: "%06d", $0) })
      for name in names { try expectWholeEntry("bad/\(worker)/\(name)") }
      count += names.count
    }
    #expect(try shard("bad").map { try $0.integer("txt") }.count == count)
  }

  /// Whatever stands under the name is a cache of one round.
  private func expectWhole(_ path: String) throws {
    var reader = try DiskCacheReader(path: path, fingerprint: "fixture")
    var sizes: Set<Int> = []
    var positions: [Int] = []
    while let sample = try reader.next() {
      let bytes = try reader.element(as: [UInt8].self)
      #expect(bytes.allSatisfy { Int($0) == sample.position })
      sizes.insert(bytes.count)
      positions.append(sample.position)
    }
    #expect(positions == Array(0..<40))
    #expect(sizes.count == 1, "all of one round")
  }

  private func expectWholeEntry(_ name: String) throws {
    #expect(try folder.names(name) == ["sample.bin", "sample.error.json", "sample.txt"])
    let data = Data(try folder.read("\(name)/sample.error.json"))
    let error = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let position = try #require(error["position"] as? Int)
    #expect(error["key"] as? String == "\(position)" && error["stage"] as? String == "fixture")
    let bytes = try folder.read("\(name)/sample.bin")
    #expect(bytes.count == 50_000 && bytes.allSatisfy { $0 == UInt8(truncatingIfNeeded: position) })
    #expect(try folder.read("\(name)/sample.txt") == Array("\(position)".utf8))
  }

  /// Reads a quarantine as the page says: as a shard.
  private func shard(_ name: String) throws -> [Record] {
    let command = Command(
      URL(fileURLWithPath: "/bin/sh"), ["-c", "tar --sort=name -cf ../bad.tar *"],
      in: URL(fileURLWithPath: folder.file(name)))
    let outcome = try command.run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let reader = try ShardSource(folder.file("bad.tar")).makeReader(epoch: 0)
    var records: [Record] = []
    while let record = try reader.next() { records.append(record) }
    return records
  }
}
