import HeadraceCore
import Testing

@testable import HeadracePipeline

/// Pipelines that give other samples have other fingerprints, as far as that can be seen.
@Suite struct CacheFingerprintTests {
  private struct Named: Source {
    struct Reader: SourceReader {
      mutating func next() -> Int? { nil }
    }
    var name = "numbers"
    var count: Int?
    func makeReader(epoch: Int) -> Reader { Reader() }
  }

  private struct Told: Source {
    var seed: Int
    var name: String { "numbers" }
    var fingerprint: String { "numbers \(seed)" }
    func makeReader(epoch: Int) -> Named.Reader { Named.Reader() }
  }

  private struct Sum: Aggregator {
    mutating func accumulate(_ value: Int) -> Int? { value }
    mutating func flush() -> Int? { nil }
  }

  private struct Product: Aggregator {
    mutating func accumulate(_ value: Int) -> Int? { value }
    mutating func flush() -> Int? { nil }
  }

  /// Has a type of the name of another.
  private enum Inner {
    struct Sum: Aggregator {
      mutating func accumulate(_ value: Int) -> Int? { value }
      mutating func flush() -> Int? { nil }
    }
  }

  private func text<Element>(_ pipeline: Pipeline<Element>, version: String = "") -> String {
    CacheFingerprint(of: pipeline.output, element: Element.self, version: version).text
  }

  private func source(_ name: String = "source") -> Pipeline<Int> { Pipeline(name, from: 0..<100) }

  private func routed(_ paths: RoutePath<Int, Int>...) -> Pipeline<Int> {
    source().route(by: { _ in "a" }, into: paths)
  }

  @Test func theTextSaysWhatEachStageIsAndWasTold() {
    #expect(text(source()) == "source \"source\" sequence 0..<100, of Swift.Int")
    #expect(
      text(source().take(10).map("twice") { Double($0) }.shuffle(size: 4, seed: 7), version: "b")
        == "source \"source\" sequence 0..<100, take \"take\" 10, map \"twice\", shuffle \"shuffle\" 4 7, of"
        + " Swift.Double, version \"b\"")
    #expect(
      text(Pipeline.interleaving([source("a"), source("b").map("c") { $0 }], .stride(weights: [0.5, 0.5])))
        == "source \"a\" sequence 0..<100, source \"b\" sequence 0..<100, map \"c\", interleave \"interleave\""
        + " stride(weights: [0.5, 0.5]) allExhausted from 0.0 2.0, of Swift.Int")
  }

  @Test func eachOfThesePipelinesHasAnother() {
    let texts = [
      text(source()), text(source("other")), text(Pipeline(from: 0..<99)), text(Pipeline(from: 100..<200)),
      text(Pipeline(from: 0...99)), text(Pipeline(from: Array(0..<100))), text(Pipeline(from: Array(100..<200))),
      text(Pipeline(from: ["a", "b"])), text(Pipeline(from: ["ab", ""])), text(Pipeline(from: ["b", "a"])),
      text(Pipeline(from: stride(from: 0, to: 100, by: 1))),
      text(source(), version: "1"),
      text(Pipeline(from: Named())), text(Pipeline(from: Named(name: "others"))), text(Pipeline(from: Named(count: 5))),
      text(Pipeline(from: Named(count: 6))), text(Pipeline(from: Told(seed: 1))), text(Pipeline(from: Told(seed: 2))),
      text(source().take(10)), text(source().take(20)), text(source().skip(10)), text(source().skip(20)),
      text(source().shuffle(size: 10, seed: 1)), text(source().shuffle(size: 10, seed: 2)),
      text(source().shuffle(size: 11, seed: 1)), text(source().repeat(2)), text(source().repeat(3)),
      text(source().map("a") { $0 }), text(source().map("a") { Double($0) }), text(source().map("b") { $0 }),
      text(source().map("a", ordering: .completion) { $0 }), text(source().filter("a") { _ in true }),
      text(source().compactMap("a") { $0 }), text(source().flatMap("a") { [$0] }), text(source().tap("a") { _ in }),
      text(source().batch(2).unbatch()), text(source().batch(3).unbatch()),
      text(source().batch(2, partial: .drop).unbatch()),
      text(source().batch(max: 2, within: .seconds(1)).unbatch()),
      text(source().batch(max: 2, within: .seconds(2)).unbatch()),
      text(source().batch(max: 2) { $0 }.unbatch()), text(source().batch(max: 2, openGroups: 9) { $0 }.unbatch()),
      text(source().bucketByLength(boundaries: [3], batchSizes: [1, 2]) { $0 }.unbatch()),
      text(source().bucketByLength(boundaries: [4], batchSizes: [1, 2]) { $0 }.unbatch()),
      text(source().bucketByLength(boundaries: [3], batchSizes: [2, 2]) { $0 }.unbatch()),
      text(source().microBatch(max: 2) { $0 }), text(source().microBatch(max: 3) { $0 }),
      text(source().aggregate { Sum() }), text(source().aggregate { Product() }),
      text(source().aggregate { Inner.Sum() }),
      text(source().map("a") { $0 }.map("b") { $0 }), text(source().map("a, map b") { $0 }),
      text(routed(.path("a b") { $0 }, .path("c") { $0 })), text(routed(.path("a") { $0 }, .path("b c") { $0 })),
      text(source().merge(with: source("b"))), text(source("b").merge(with: source())),
      text(source().zip(with: source("b")).map { $0.0 }),
      text(source().zip(with: source("b"), strict: true).map { $0.0 }),
      text(source().interleave(with: source("b"))), text(source().interleave(with: source("b"), stop: .firstExhausted)),
      text(source().interleave(with: source("b"), .roundRobin(blockLength: 2))),
      text(source().interleave(with: source("b"), .random(weights: [1, 2], seed: 3))),
      text(source().interleave(with: source("b"), .random(weights: [1, 2], seed: 4))),
      text(source().interleave(with: source("b"), .stride(weights: [1, 2]))),
      // Lists of the same stages, connected in other ways.
      text(
        .interleaving(
          [source("a"), .interleaving([source("b"), source("c")], name: "inner")], name: "outer")),
      text(.interleaving([.interleaving([source("a"), source("b"), source("c")], name: "inner")], name: "outer")),
      text(routed(.path("a") { $0.map("x") { $0 } }, .path("b") { $0.map("y") { $0 } })),
      text(routed(.path("b") { $0.map("x") { $0 } }, .path("a") { $0.map("y") { $0 } })),
      text(routed(.path("a") { $0.map("x") { $0 }.map("y") { $0 } }, .path("b") { $0 })),
      text(routed(.path("a") { $0 }, .path("b") { $0.map("x") { $0 }.map("y") { $0 } })),
    ]
    for (place, text) in texts.enumerated() {
      #expect(texts.firstIndex(of: text) == place, "\(text)")
    }
  }

  @Test func ofAnArrayEachElementIsInIt() {
    // Around how many are looked at at once.
    for count in [0, 1, 1023, 1024, 1025, 3000] {
      let numbers = Array(0..<count)
      let plain = text(Pipeline(from: numbers))
      #expect(text(Pipeline(from: ContiguousArray(numbers))) == plain)
      #expect(text(Pipeline(from: ([7] + numbers)[1...])) == plain)
      for place in numbers.indices {
        var others = numbers
        others[place] = -1
        #expect(text(Pipeline(from: others)) != plain, "element \(place) of \(count)")
      }
    }
    // In every process: the number is that of XXH64.
    #expect(SequenceSource([1, 2, 3] as [UInt8]).fingerprint == "sequence of 3, checksum 743e13ee0c4ee5a5")
  }

  @Test func ofOtherSequencesNothingButTheirNumberIsKnown() {
    struct Opaque: Sendable {}
    #expect(SequenceSource([Opaque(), Opaque()]).fingerprint == "sequence of 2")
    #expect(SequenceSource(stride(from: 0, to: 9, by: 2)).fingerprint == "sequence")
  }

  @Test func aRangeOfMoreThanAnIntCanSayHasAFingerprintWithoutTheirNumber() {
    #expect(SequenceSource(0...Int.max).count == nil)
    #expect(SequenceSource(0..<UInt64.max).count == nil)
    #expect(SequenceSource(Int.min..<Int.max).count == nil)
    #expect(SequenceSource(0..<Int.max).count == Int.max)
    #expect(SequenceSource(1...Int.max).count == Int.max)
    #expect(SequenceSource((UInt64.max - 5)..<UInt64.max).count == 5)
    #expect(SequenceSource(Int8.min...Int8.max).count == 256)
    #expect(SequenceSource(3..<3).count == 0)
    #expect(text(Pipeline(from: 0...Int.max)) != text(Pipeline(from: 1...Int.max)))
  }

  /// It may take long, or trap: a collection of a user's own can do anything when it is counted.
  @Test func nobodyIsAskedForAFingerprintWithoutACacheOnDisk() throws {
    struct Asked: Source {
      let asked: Tally
      var name: String { "asked" }
      var fingerprint: String {
        asked.add()
        return "asked"
      }
      func makeReader(epoch: Int) -> Named.Reader { Named.Reader() }
    }
    let asked = Tally()
    let pipeline = Pipeline(from: Asked(asked: asked)).map("work") { $0 }
    _ = try PipelinePlan(pipeline.cache(.memory(bytes: 1)))
    #expect(pipeline.stages.count == 2 && asked.count == 0)
    #expect(text(pipeline.concurrency(["work": 2])) == text(pipeline))
    #expect(asked.count == 2)
  }

  @Test func aTypeIsNamedWithAllThatItIsInAndWithoutAnAddress() {
    struct Local {}
    #expect(CacheFingerprint.name(of: Int.self) == "Swift.Int")
    #expect(CacheFingerprint.name(of: Inner.Sum.self) == "HeadracePipelineTests.CacheFingerprintTests.Inner.Sum")
    #expect(CacheFingerprint.name(of: [Sum].self) == "Swift.Array<HeadracePipelineTests.CacheFingerprintTests.Sum>")
    #expect(CacheFingerprint.name(of: Local.self) == "HeadracePipelineTests.CacheFingerprintTests.Local")
  }

  @Test func howTheSamplesAreMadeIsNotInIt() {
    let plain = text(source().map("a") { $0 })
    #expect(text(source().map("a", concurrency: 8, onFailure: .skip(upTo: 3)) { $0 }) == plain)
    #expect(text(source().prefetch(9).map("a") { $0 }.limits(failures: 3, bytes: 1 << 20)) == plain)
    #expect(text(source().map("a", options: StageOptions(timeout: .seconds(1))) { $0 }) == plain)
  }

  @Test func aLongNameIsCutAndItsEndStillCounts() {
    let paths = (0..<1_000).map { "/data/\($0).tar" }.joined(separator: " ")
    let one = text(Pipeline(from: Named(name: paths + "a")))
    let other = text(Pipeline(from: Named(name: paths + "b")))
    #expect(one != other)
    #expect(one.utf8.count < 400 && one.hasPrefix("source \"source\" /data/0.tar /data/1.tar"))
  }
}
