import Testing

@testable import HeadraceShards

struct FixtureTests {
  static let longKey = "deep/" + String(repeating: "n", count: 120) + "/0002"

  @Test(arguments: TarFixtures.all.map(\.name))
  func archivesOfPythonAndGNUTarReadAlike(_ fixture: String) throws {
    let outcome = Outcome(TarFixtures.bytes(fixture))
    #expect(outcome.error == nil)
    let hasLong = fixture != "gnuV7"
    #expect(outcome.records.map(\.sampleID.key) == (hasLong ? ["0001", Self.longKey, "d/ü3"] : ["0001", "d/ü3"]))
    let first = try #require(outcome.records.first)
    #expect(first.fieldNames == ["png", "cls", "seg.png"])
    #expect(try first.bytes("png") == [0x89] + Array("PNG one".utf8))
    #expect(try first.integer("cls") == 3)
    #expect(try first.bytes("seg.png") == [])
    #expect(try outcome.records.last?.text("json") == String(repeating: "{}", count: 300))
    if hasLong { #expect(try outcome.records[1].text("txt") == "naïve ☃") }
  }

  @Test(arguments: TarFixtures.all.map(\.name))
  func everyCutOfAForeignArchiveIsOneNamedError(_ fixture: String) {
    let bytes = TarFixtures.bytes(fixture)
    for length in 0..<bytes.count {
      #expect(Outcome(Array(bytes[..<length])).error?.code == .malformedShard, "\(length) of \(bytes.count) bytes")
    }
  }
}
