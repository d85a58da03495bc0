import HeadraceTestSupport
import Testing

/// The program that README.md shows, as a reader runs it.
@Suite struct QuickStartTests {
  @Test func printsThreeEpochsAndATableOfItsStages() throws {
    let watchdog = Watchdog(seconds: 300)
    defer { watchdog.cancel() }
    let outcome = try Command(BuiltProgram.named("QuickStart"), in: ProjectFolder.url).run()
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let lines = outcome.output.split(separator: "\n")
    // 1,437 images in batches of 64, without the 29 that are left over.
    #expect(lines.prefix(3) == (0..<3).map { "epoch \($0): 1408 images, mean pixel 77" }[...])
    // What was done, and how the time was spent.
    let tables = lines.dropFirst(3).map { $0.prefix { $0 != " " } }
    let rows = ["source", "labelled", "decode"]
    #expect(tables.prefix(8).map(String.init) == ["stage"] + rows + ["stage"] + rows)
    #expect(tables.contains("bottleneck:"))
  }
}
