import HeadraceCore
import Testing

@testable import HeadraceShards

struct ShardSourceTests {
  private func shard(_ keys: [String]) -> [UInt8] {
    var archive = Archive()
    for key in keys {
      archive.add("\(key).txt", Array(key.utf8))
      archive.add("\(key).cls", Array("1".utf8))
    }
    archive.end()
    return archive.bytes
  }

  @Test func listsOfOtherPathsHaveOtherFingerprints() throws {
    #expect(try ShardSource(["a b"]).fingerprint != ShardSource(["a", "b"]).fingerprint)
    #expect(try ShardSource(["a", "b"]).fingerprint == "\"a\" \"b\"")
  }

  @Test func recordsComeInTheOrderOfShardsAndMembersEachEpoch() throws {
    let folder = try TemporaryFolder()
    try folder.write("s-00.tar", shard(["b", "a"]))
    try folder.write("s-01.tar", zstd(shard(["d", "c"])))
    try folder.write("s-02.tar", shard([]))
    try folder.write("extra.tzst", zstd(shard(["b"])))
    let source = try ShardSource(folder.file("s-{00..02}.tar"), folder.file("extra.tzst"))
    try source.validate()
    #expect(source.count == nil)
    for epoch in 0..<2 {
      let reader = source.makeReader(epoch: epoch)
      var keys: [String] = []
      while let record = try reader.next() { keys.append(record.sampleID.key) }
      #expect(keys == ["b", "a", "d", "c", "b"])
      #expect(try reader.next() == nil)
    }
    let (records, _) = try readAll([folder.file("s-01.tar")])
    #expect(records[1].sampleID == SampleID(key: "c", path: folder.file("s-01.tar"), offset: 2048))
  }

  @Test func samplesOfOneKeyThatDoNotTouchStayApart() {
    #expect(Outcome(shard(["a", "b", "a"])).records.map(\.sampleID.key) == ["a", "b", "a"])
  }

  @Test func aLeadingDotAndSlashChangesNoKey() throws {
    let members = ["__meta__/schema.json", "cats/1.png", "cats/1.cls", "2.png", ".hidden.png", "README"]
    func archive(_ prefix: String) -> [UInt8] {
      var archive = Archive()
      if !prefix.isEmpty { archive.add(prefix, type: "5") }
      for name in members { archive.add(prefix + name, Array(name.utf8)) }
      archive.end()
      return archive.bytes
    }
    for prefix in ["", "./"] {
      let outcome = Outcome(archive(prefix))
      #expect(outcome.error == nil)
      #expect(outcome.records.map(\.sampleID.key) == ["cats/1", "2"])
      #expect(outcome.records.map(\.fieldNames) == [["png", "cls"], ["png"]])
      #expect(try outcome.records.first?.text("cls") == "cats/1.cls")
    }
    // Other programs find a member by the name that it has.
    let folder = try TemporaryFolder()
    let listing = try ShardListing(try folder.write("a.tar", archive("./")))
    #expect(listing.members.dropFirst().map(\.name) == members.map { "./" + $0 })
    #expect(listing.sampleCount == 2)
  }

  @Test func aFieldThatIsThereTwiceIsNamed() {
    var archive = Archive()
    archive.add("d/1.png", [1])
    archive.add("d/1.PNG", [2])
    archive.end()
    let error = Outcome(archive.bytes).error
    #expect(error?.code == .malformedShard)
    #expect(
      error?.message.hasPrefix(
        "Shard memory.tar, byte 1024: sample d/1 has field png twice, the second time as d/1.PNG") == true)
  }

  @Test func missingShardsAreCountedAndNamedBeforeTheStart() throws {
    let folder = try TemporaryFolder()
    try folder.write("s-3.tar", shard(["a"]))
    let error = try failure { try ShardSource(folder.file("s-{0..5}.tar")).validate() }
    #expect(error.code == .notFound)
    let names = (0..<3).map { folder.file("s-\($0).tar") }.joined(separator: ", ")
    #expect(
      error.message == "5 of 6 shards do not exist: \(names) and more; check the path and the range of the pattern.")
    try folder.write("t-1.tar", shard(["a"]))
    let one = try failure { try ShardSource(folder.file("t-{0..1}.tar")).validate() }
    #expect(one.message.hasPrefix("1 of 2 shards does not exist: \(folder.file("t-0.tar")); check the path and"))
    let single = try failure { try ShardSource(folder.file("none")).validate() }
    #expect(single.message.hasPrefix("\(folder.file("none")) does not exist; check the path, which"))
    let glob = try failure { try ShardSource(folder.file("s-*.tar")).validate() }
    #expect(glob.message.hasSuffix("patterns are braces like {000..099}, not * or ?."))
    let directory = try failure { try ShardSource(folder.path).validate() }
    #expect(directory.code == .notFound && directory.message.contains("is a folder"))
    #expect(try failure { _ = try ShardSource([]) }.code == .invalidArgument)
    #expect(try failure { _ = try ShardSource("") }.code == .invalidArgument)
  }

  @Test func aDamagedShardIsOneErrorAndTheNextIsRead() throws {
    let folder = try TemporaryFolder()
    let bytes = shard(["a", "b"])
    try folder.write("0.tar", Array(bytes[..<2000]))
    try folder.write("1.tar", Array(zstd(bytes).dropLast(3)))
    try folder.write("2.tar", zstd(bytes))
    let (records, errors) = try readAll([folder.file("{0..3}.tar")])
    #expect(records.map(\.sampleID.key) == ["a", "a", "b"], "of shard 1 what came before the damage")
    #expect(errors.map(\.code) == [.malformedShard, .malformedShard, .notFound])
    #expect(errors[0].message.contains(folder.file("0.tar")))
    #expect(errors[1].message.contains(folder.file("1.tar")))
    #expect(errors[2].message.hasPrefix("Opening \(folder.file("3.tar")) failed: No such file or directory (errno 2);"))
  }

  /// Half a million fields are 256 MiB of tar, but little as zstd: searching all earlier fields for each took minutes.
  @Test(.timeLimit(.minutes(1))) func aSampleOfVeryManyFieldsIsReadInLinearTime() throws {
    var archive = Archive()
    for number in 0..<50_000 { archive.add("a.\(number)", []) }
    archive.end()
    let folder = try TemporaryFolder()
    try folder.write("many.tar", archive.bytes)
    let record = try #require(try ShardSource(folder.file("many.tar")).makeReader(epoch: 0).next())
    #expect(record.fieldNames == (0..<50_000).map(String.init))
    let listing = try ShardListing(folder.file("many.tar"))
    #expect(listing.fields.count == 50_000 && listing.fields.allSatisfy { $0.count == 1 })
  }
}
