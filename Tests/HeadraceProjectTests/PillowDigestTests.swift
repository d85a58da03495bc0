import Foundation
import HeadraceTestSupport
import Testing

/// A folder of PNG files of every kind through the command, against the pixels of another decoder.
///
/// Fixtures/make_images.py has Pillow compute the digests; it takes none from Headrace.
@Suite struct PillowDigestTests {
  private static let folder = ProjectFolder.file("Tests/HeadraceProjectTests/Fixtures")

  @Test(arguments: [("L", "gray"), ("RGB", "rgb"), ("RGBA", "rgba")], ["", "5x4"])
  func theDigestOfAFolderIsPillows(mode: (pillow: String, headrace: String), size: String) throws {
    let watchdog = Watchdog(seconds: 300)
    defer { watchdog.cancel() }
    let expected = try object(Data(contentsOf: Self.folder.appendingPathComponent("digests.json")))
    let words = ["run", "--source", Self.folder.appendingPathComponent("images").path, "--channels", mode.headrace]
    let options = ["--batch", "7", "--threads", "2", "--digest", "--json"] + (size.isEmpty ? [] : ["--size", size])
    let outcome = try Command(BuiltProgram.named("headrace"), words + options).run()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try object(Data(outcome.output.utf8))
    let samples = try #require(report["samples"] as? Int)
    let digest = try #require(report["image_sha256"] as? String)
    #expect(samples == expected["files"] as? Int)
    let key = size.isEmpty ? mode.pillow : "\(mode.pillow)-\(size)"
    #expect(digest == expected[key] as? String)
  }

  private func object(_ json: Data) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
  }
}
