import Foundation
import HeadraceTestSupport
import Testing

/// What `headrace-bench png` counts, and what it decodes.
@Suite(.serialized) struct PNGBenchTests {
  // Code that is not optimized allocates for closures and spans. `make counts` has the same bound for a release build.
  @Test(.enabled(if: !_isDebugAssertConfiguration()))
  func decodingOnTheFastPathAllocatesNothing() throws {
    let lines = try BenchProgram.lines("png", "--json", "--brief").filter { $0["bench"] as? String == "png" }
    #expect(lines.count == 6)
    for line in lines {
      #expect(line["allocations_per_image"] as? Double == 0, "\(line)")
    }
  }

  @Test func filesOfAFolderHaveALineOfTheirOwn() throws {
    let folder = try TemporaryFolder()
    let pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
    try folder.write("a.png", Array(try #require(Data(base64Encoded: pixel))))
    let lines = try BenchProgram.lines("png", "--json", "--brief", "--dir", folder.path)
    #expect(lines.last?["images"] as? String == "folder")
    #expect(lines.last?["files"] as? Int == 1)
  }
}
