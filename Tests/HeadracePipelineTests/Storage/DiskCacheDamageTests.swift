import Glibc
import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// No damage to a cache ever gives a sample that nobody wrote.
@Suite struct DiskCacheDamageTests {
  private let folder: TemporaryFolder
  private let path: String
  private let whole: [UInt8]
  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("c")
    try CacheFixture.write(CacheFixture.some, to: path)
    whole = try folder.read("c")
  }

  @Test func eachCutIsAnErrorBeforeTheFirstSample() throws {
    for count in 0..<whole.count {
      try folder.write("c", Array(whole[..<count]))
      let error = headraceError { _ = try DiskCacheReader(path: path, fingerprint: "f") }
      #expect(error?.code == .malformedCache, "cut at byte \(count)")
      #expect(error?.message.hasSuffix("delete \(path), it is built again.") == true)
    }
  }

  @Test func bytesBehindTheEndAreAnError() throws {
    for more in [[0], [UInt8](repeating: 0, count: 64), whole] {
      try folder.write("c", whole + more)
      #expect(headraceError { _ = try DiskCacheReader(path: path, fingerprint: "f") }?.code == .malformedCache)
    }
  }

  /// A cache of caches, cut where an inner one ends.
  @Test func theEndOfAnInnerCacheIsNoEnd() throws {
    try CacheFixture.write([CacheFixture(position: 0, sample: nil, bytes: whole)], to: path)
    let outer = try folder.read("c")
    let end = 64 + 8 + 48 + whole.count
    #expect(outer[..<end].suffix(whole.count).elementsEqual(whole))
    try folder.write("c", Array(outer[..<end]))
    #expect(headraceError { _ = try DiskCacheReader(path: path, fingerprint: "f") }?.code == .malformedCache)
  }

  @Test func eachFlippedBitIsNoticed() throws {
    for place in whole.indices {
      for bit in 0..<8 {
        var changed = whole
        changed[place] ^= 1 << UInt8(bit)
        try folder.write("c", changed)
        let error = headraceError { _ = try CacheFixture.read(path) }
        #expect(error != nil, "bit \(bit) of byte \(place)")
        #expect(error?.message.contains(path) == true)
        // What is read front to back before the damage is what was written.
        let before = try readable()
        #expect(CacheFixture.some.starts(with: before))
      }
    }
  }

  @Test func twoRecordsOfOneSizeDoNotPassForEachOther() throws {
    let samples = (0..<2).map {
      CacheFixture(position: $0, sample: nil, bytes: [UInt8](repeating: UInt8($0), count: 8))
    }
    try CacheFixture.write(samples, to: path)
    var bytes = try folder.read("c")
    let size = 48 + 8
    let first = Array(bytes[72..<72 + size])
    bytes.replaceSubrange(72..<72 + size, with: bytes[72 + size..<72 + 2 * size])
    bytes.replaceSubrange(72 + size..<72 + 2 * size, with: first)
    try folder.write("c", bytes)
    #expect(headraceError { _ = try CacheFixture.read(path) }?.code == .malformedCache)
  }

  @Test func damageIsToldWithFileOffsetAndRemedy() throws {
    var changed = whole
    // The payload of the first record: header 72, record header 48, key "d/0", path "a.tar".
    changed[72 + 48 + 3 + 5] ^= 1
    try folder.write("c", changed)
    var reader = try DiskCacheReader(path: path, fingerprint: "f")
    for _ in 0..<2 {
      do {
        _ = try reader.next()
        Issue.record("read")
      } catch {
        #expect(
          error.message
            == "Cache \(path), byte 120: the contents of record 0 differ from their checksum; delete \(path),"
            + " it is built again.")
      }
    }
    try reader.seek(to: 1)
    let second = try reader.next()
    #expect(second?.position == 2, "the others are still there")
  }

  @Test func whatIsNoCacheIsNotToBeDeletedLightly() throws {
    for bytes in [[UInt8](repeating: 1, count: 1000), Array("HRCACHE".utf8) + [1], [0]] {
      try folder.write("c", bytes)
      let error = headraceError { _ = try DiskCacheReader(path: path, fingerprint: "f") }
      #expect(error?.code == .invalidArgument)
      #expect(error?.message.contains("is no cache, as its first bytes say; give the cache another path") == true)
    }
  }

  @Test func anotherVersionIsRefusedWithBothNumbers() throws {
    var changed = whole
    changed[8] = 2
    try folder.write("c", changed)
    let error = headraceError { _ = try DiskCacheReader(path: path, fingerprint: "f") }
    #expect(error?.message.contains("of version 2, and this program reads version 1") == true)
  }

  @Test func aFileThatShrinksWhileItIsReadIsAnError() throws {
    let samples = (0..<10).map { CacheFixture(position: $0, sample: nil, bytes: [UInt8](repeating: 1, count: 300_000)) }
    try CacheFixture.write(samples, to: path)
    var reader = try DiskCacheReader(path: path, fingerprint: "f")
    _ = try reader.next()
    // In place, unlike what a writer does.
    let status = unsafe truncate(path, 2_000_000)
    #expect(status == 0)
    do {
      while try reader.next() != nil {}
      Issue.record("read to the end")
    } catch {
      #expect(error.message.contains("byte 2000000: the file has become shorter while it is read"))
    }
  }

  /// The samples up to an error.
  private func readable() throws -> [CacheFixture] {
    var samples: [CacheFixture] = []
    do {
      var reader = try DiskCacheReader(path: path, fingerprint: "f")
      while let sample = try reader.next() {
        samples.append(CacheFixture(position: sample.position, sample: sample.sample, bytes: try reader.element()))
      }
    } catch {}
    return samples
  }
}
