import Headrace
import Testing

@testable import HeadraceCLI

/// The remedy for a sample that lacks a field.
@Suite struct MissingFieldTests {
  @Test(arguments: [
    (["cls"], "png", "only images (png, jpg, jpeg, webp) and cls fields can be loaded, so name such ones in --columns"),
    (["png"], "cls", "give the samples labels, or leave label=cls out of --columns"),
    (
      ["cls", "v1.png"], "png",
      "the key of a sample ends at the first dot of the name, so rename the files, or name image=v1.png in --columns"
    ),
    (
      ["png", "v1.cls"], "cls",
      "the key of a sample ends at the first dot of the name, so rename the files, or name label=v1.cls in --columns"
    ),
  ])
  func remedyIsThatOfTheFieldsThatThereAre(fields: [String], missing: String, remedy: String) throws {
    let record = Record(sampleID: SampleID(key: "a", path: "a.png"), fields: fields.map { ($0, []) })
    let columns = try ColumnMapping("image=png,label=cls").columns
    let error = try #require(throws: HeadraceError.self) { try record.bytes(missing) }
    #expect(
      MissingField.explained(error, record, columns).message
        == "Record without field \(missing): it has \(fields.joined(separator: ", ")); \(remedy),"
        + " or leave the sample out (--max-failures).")
  }

  @Test func otherErrorsStayAsTheyAre() throws {
    let record = Record(sampleID: SampleID(key: "a"), fields: [("cls", Array("x".utf8))])
    let columns = try ColumnMapping("image=png,label=cls").columns
    let error = try #require(throws: HeadraceError.self) { try record.integer("cls") }
    #expect(MissingField.explained(error, record, columns).message == error.message)
  }

  /// The first sample is looked at before the worker starts, all others in it.
  @Test func commandSaysItOfTheFirstSampleAndOfLaterOnes() throws {
    let folder = try TemporaryFolder()
    let png = try TestImage(width: 2, height: 2, storage: .gray, seed: 1).png()
    let (good, dotted) = (("0", [("png", png)]), ("1", [("v1.png", png)]))
    for samples in [[dotted, good], [good, dotted]] {
      try Dataset.writeShard(folder("a.tar"), samples)
      try Refusal.expect(
        ["--source", folder("a.tar")], "it has v1.png; the key of a sample ends at the first dot of the name",
        code: "missingField", remedy: "rename the files, or name image=v1.png in --columns")
    }
    try Dataset.writeShard(folder("a.tar"), [good])
    try Refusal.expect(
      ["--source", folder("a.tar"), "--columns", "image=png,y=cls"], "without field cls: it has png",
      code: "missingField", remedy: "give the samples labels, or leave y=cls out of --columns")
  }
}
