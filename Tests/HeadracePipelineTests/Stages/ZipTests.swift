import HeadraceCore
import HeadracePipeline
import Testing

@Suite struct ZipTests {
  @Test(arguments: [1, 4], [0, 1, 300])
  func theFirstGoesWithTheFirst(threads: Int, count: Int) throws {
    let names = Pipeline("names", from: Endless()).map("name", concurrency: 3) { "n\($0)" }
    let pairs = try Pipeline(from: 0..<count).zip(with: names).collected(threads: threads, epochs: 2)
    for epoch in pairs {
      #expect(epoch.map(\.0) == Array(0..<count))
      #expect(epoch.map(\.1) == (0..<count).map { "n\($0)" })
    }
  }

  @Test func aPairHasTheNameOfItsFirstSample() throws {
    let named = Pipeline(from: (0..<3).map { Named(number: $0) })
    let outcome = try named.zip(with: Pipeline("other", from: 10..<13)).map { pair -> Int in throw Mishap() }.outcome()
    #expect(outcome.error?.sample == SampleID(key: "n0"))
  }

  @Test func strictSaysWhichEndedAfterHowMany() throws {
    func pairs(_ first: Int, _ second: Int) -> Pipeline<(Int, Int)> {
      Pipeline("images", from: 0..<first).zip(with: Pipeline("labels", from: 0..<second), strict: true)
    }
    #expect(try pairs(5, 5).outcome().error == nil)
    #expect(try pairs(0, 0).outcome().error == nil)
    let longer = try pairs(5, 3).outcome()
    #expect(longer.elements.count == 3)
    #expect(
      longer.error?.message
        == "What comes from stage \"labels\" ended after 3 samples, and what comes from stage \"images\" goes on. Give"
        + " both as many samples, or leave out strict to end with the shorter.")
    #expect(longer.error?.stage == "zip")
    let shorter = try pairs(1, 2).outcome()
    #expect(shorter.elements.count == 1)
    #expect(shorter.error?.message.hasPrefix("What comes from stage \"images\" ended after 1 sample, and") == true)
  }
}
