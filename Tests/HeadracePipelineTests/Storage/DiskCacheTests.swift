import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// What goes into a cache comes out of it.
@Suite struct DiskCacheTests {
  private let folder: TemporaryFolder
  private let path: String
  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("train.cache")
  }

  @Test func samplesComeBackInTheirOrderWithNamesAndBytes() throws {
    try CacheFixture.write(CacheFixture.some, to: path)
    #expect(try CacheFixture.read(path) == CacheFixture.some)
    #expect(try folder.names() == ["train.cache"])
  }

  @Test func anEpochWithoutSamplesIsACacheToo() throws {
    try CacheFixture.write([], to: path, fingerprint: "")
    #expect(try CacheFixture.read(path, fingerprint: "") == [])
  }

  /// Around what is read and written at once.
  @Test func samplesOfAnySizeComeBack() throws {
    let sizes = [
      0, 1, 7, 8, 9, (256 << 10) - 49, 256 << 10, (256 << 10) + 1, 1 << 20, (1 << 20) + 3, 5 << 20, 3, 2 << 20,
    ]
    let samples = sizes.enumerated().map { number, size in
      CacheFixture(
        position: number, sample: nil, bytes: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ number) })
    }
    try CacheFixture.write(samples, to: path)
    #expect(try CacheFixture.read(path) == samples)
  }

  @Test func manySmallSamplesComeBack() throws {
    let samples = (0..<20_000).map { number in
      CacheFixture(
        position: number, sample: SampleID(key: "\(number)"),
        bytes: [UInt8](repeating: UInt8(number % 251), count: number % 90))
    }
    try CacheFixture.write(samples, to: path)
    #expect(try CacheFixture.read(path) == samples)
  }

  @Test func countAndBytesAreKnownBeforeAnythingIsRead() throws {
    try CacheFixture.write(CacheFixture.some, to: path)
    let reader = try DiskCacheReader(path: path, fingerprint: "f")
    let counts = (reader.count, reader.byteCount)
    #expect(counts == (4, 20))
  }

  @Test func payloadIsThatOfTheLatestSample() throws {
    try CacheFixture.write(CacheFixture.some, to: path)
    var reader = try DiskCacheReader(path: path, fingerprint: "f")
    var counts = [reader.payload.count]
    _ = try reader.next()
    counts.append(reader.payload.count)
    let last = reader.payload[2]
    #expect(last == 3)
    try reader.seek(to: 2)
    counts.append(reader.payload.count)
    let third = try reader.next()
    #expect(third == CachedSample(position: 1, sample: SampleID(key: "é")))
    counts.append(reader.payload.count)
    try reader.seek(to: 4)
    let end = try reader.next()
    counts.append(reader.payload.count)
    #expect(end == nil && counts == [0, 3, 0, 16, 0])
  }

  @Test func aNewCacheReplacesTheOldAndWhoReadsTheOldReadsOn() throws {
    try CacheFixture.write(CacheFixture.some, to: path)
    var reader = try DiskCacheReader(path: path, fingerprint: "f")
    _ = try reader.next()
    let others = (0..<9).map { CacheFixture(position: $0, sample: nil, bytes: [4]) }
    try CacheFixture.write(others, to: path)
    var count = 1
    while try reader.next() != nil { count += 1 }
    #expect(count == 4)
    #expect(try CacheFixture.read(path) == others)
  }

  @Test func openingAPathWithoutACacheThrowsNotFound() {
    let error = headraceError { _ = try DiskCacheReader(path: path, fingerprint: "f") }
    #expect(error?.code == .notFound)
  }

  @Test func aCacheOfAnotherPipelineIsRefusedWithBothNames() throws {
    try CacheFixture.write([], to: path, fingerprint: "folder a > decode")
    let error = headraceError { _ = try DiskCacheReader(path: path, fingerprint: "folder a > decode > crop") }
    #expect(error?.code == .invalidArgument)
    #expect(
      error?.message == "Cache \(path) holds the samples of another pipeline; delete \(path), or give this pipeline"
        + " another path. It holds: folder a > decode. This pipeline: folder a > decode > crop.")
  }

  @Test func longFingerprintsAreShownWhereTheyDiffer() throws {
    let stages = String(repeating: "stage > ", count: 100)
    try CacheFixture.write([], to: path, fingerprint: stages + "crop")
    let error = try #require(headraceError { _ = try DiskCacheReader(path: path, fingerprint: stages + "flip") })
    #expect(error.message.contains("stage > crop. This pipeline: ..."))
    #expect(error.message.hasSuffix("stage > flip."))
    #expect(error.message.utf8.count < 600)
    // An é of one scalar and one of two are two names, as they are to the file system.
    try CacheFixture.write([], to: path, fingerprint: "\u{E9}")
    #expect(headraceError { _ = try DiskCacheReader(path: path, fingerprint: "e\u{301}") }?.code == .invalidArgument)
  }

  @Test func aFingerprintThatIsTooLongIsRefusedWithItsLength() throws {
    let longest = String(repeating: "f", count: 65_536)
    try CacheFixture.write(CacheFixture.some, to: path, fingerprint: longest)
    #expect(try CacheFixture.read(path, fingerprint: longest) == CacheFixture.some)
    let error = headraceError { _ = try DiskCacheWriter(path: path, fingerprint: longest + "f") }
    #expect(error?.code == .invalidArgument && error?.message.contains("has 65537 bytes, 65536 are") == true)
  }

  @Test func bytesOfAnotherTypeAreRefusedWithPlaceSampleAndCause() throws {
    try CacheFixture.write(CacheFixture.some, to: path)
    var reader = try DiskCacheReader(path: path, fingerprint: "f")
    _ = try reader.next()
    do {
      let number = try reader.element(as: Int32.self)
      Issue.record("\(number)")
    } catch {
      #expect(error.code == .malformedCache)
      #expect(
        error.message == "Cache \(path), byte 72: a record's bytes are no Int32; delete \(path), it is built again.")
      #expect(error.sample?.key == "d/0")
      #expect(error.cause?.contains("A stored Int32 has 4 bytes, here are 3") == true)
    }
    let second = try reader.next()
    #expect(second != nil, "the next one is read all the same")
  }
}
