import HeadraceCore
import HeadraceTestSupport
import Testing

@testable import HeadracePipeline

/// docs/formats/cache.md says what the code does, no more and no less.
@Suite struct DiskCacheFormatTests {
  private typealias Layout = DiskCacheLayout
  private let page: FormatPage
  init() throws { page = try FormatPage(named: "cache") }

  @Test func everyFieldOfThePageIsTheOneInTheCode() throws {
    let structures = [
      ("Header", Layout.Header.fields), ("Record", Layout.Record.fields), ("Trailer", Layout.Trailer.fields),
    ]
    for (heading, fields) in structures {
      let found = try page.table(heading, "offset").fields().map {
        BinaryField(name: $0.name, offset: $0.offset, byteCount: $0.byteCount)
      }
      #expect(found == fields, "\(heading)")
    }
    #expect(page.tables.count == structures.count + 2, "a table that is not compared")
  }

  @Test func everyConstantIsTheOneInTheCode() throws {
    #expect(
      try page.table("Map", "constant").numbers() == [
        "magic": Layout.Header.magicNumber, "version": Layout.version, "alignment": UInt64(Layout.alignment),
        "header_bytes": UInt64(Layout.Header.byteCount),
        "maximum_fingerprint_bytes": UInt64(Layout.maximumFingerprintByteCount),
        "record_header_bytes": UInt64(Layout.Record.byteCount), "absent": Layout.absent,
        "index_entry_bytes": UInt64(Layout.indexEntryByteCount), "trailer_magic": Layout.Trailer.magicNumber,
        "trailer_bytes": UInt64(Layout.Trailer.byteCount),
      ])
  }

  @Test func theNewestVersionOfTheTableIsTheCodes() throws {
    #expect(try page.table("Versions", "version").rows.map { $0[0] } == (1...Layout.version).map(String.init))
    #expect(page.text.hasPrefix("# The cache file, version \(Layout.version)\n"))
  }

  @Test func theMapShowsTheSizesOfTheTables() {
    for line in [
      "offset 0            header                       \(Layout.Header.byteCount)\n",
      "       \(Layout.Header.byteCount)           fingerprint",
      "one record          0        header              \(Layout.Record.byteCount)\n",
      "                    \(Layout.Record.byteCount)       key",
      "count x \(Layout.indexEntryByteCount)\n", "end - \(Layout.Trailer.byteCount)     trailer",
    ] { #expect(page.text.contains(line), "\(line)") }
  }

  /// The page alone is enough: this reads a cache by its tables.
  @Test func aReaderThatKnowsOnlyThePageFindsTheSamples() throws {
    let folder = try TemporaryFolder()
    try CacheFixture.write(CacheFixture.some, to: folder.file("c"), fingerprint: "fingerprint")
    let bytes = try folder.read("c")
    func field(_ heading: String, _ name: String, at start: Int) throws -> UInt64 {
      let field = try #require(try page.table(heading, "offset").fields().first { $0.name == name })
      return (0..<field.byteCount).reduce(0) { $0 | UInt64(bytes[start + field.offset + $1]) << UInt64(8 * $1) }
    }
    let trailer = bytes.count - 64
    let count = Int(try field("Trailer", "count", at: trailer))
    let index = Int(try field("Trailer", "index_offset", at: trailer))
    #expect(index + count * 8 == trailer)
    #expect(try field("Trailer", "header_checksum", at: trailer) == field("Header", "checksum", at: 0))
    #expect(
      String(decoding: bytes[64..<64 + Int(try field("Header", "fingerprint_bytes", at: 0))], as: UTF8.self)
        == "fingerprint")
    let found = try (0..<count).map { number in
      let start = (0..<8).reduce(0) { $0 | Int(bytes[index + number * 8 + $1]) << (8 * $1) }
      let key = try field("Record", "key_bytes", at: start)
      let path = try field("Record", "path_bytes", at: start)
      let offset = Int(Int64(bitPattern: try field("Record", "sample_offset", at: start)))
      var place = start + 48
      func next(_ count: UInt64) -> [UInt8] {
        defer { place += Int(count) }
        return Array(bytes[place..<place + Int(count)])
      }
      let keyText = key == 0xFFFF_FFFF ? nil : String(decoding: next(key), as: UTF8.self)
      let pathText = path == 0xFFFF_FFFF ? nil : String(decoding: next(path), as: UTF8.self)
      return CacheFixture(
        position: Int(try field("Record", "position", at: start)),
        sample: keyText.map { SampleID(key: $0, path: pathText, offset: offset < 0 ? nil : offset) },
        bytes: next(try field("Record", "payload_bytes", at: start)))
    }
    #expect(found == CacheFixture.some)
  }
}
