import HeadraceCore
import HeadracePipeline
import HeadraceTestSupport
import Testing

@Suite struct PipelinePlanTests {
  private func mistake(_ pipeline: BatchPipeline) -> HeadraceError? {
    do throws(HeadraceError) {
      _ = try PipelinePlan(pipeline)
      return nil
    } catch {
      return error
    }
  }

  private let base = Pipeline("read", from: 0..<10)
  private let x = TensorSpec("x", .int64)

  private func expect(
    _ pipeline: BatchPipeline, names stage: String, _ parts: String..., location: SourceLocation = #_sourceLocation
  ) {
    let error = mistake(pipeline)
    #expect(error?.code == .invalidPipeline, sourceLocation: location)
    #expect(error?.stage == stage, sourceLocation: location)
    for part in parts {
      #expect(error?.message.contains(part) == true, "\(String(describing: error))", sourceLocation: location)
    }
  }

  @Test func aMistakeInAStageNamesTheStageAndTheValue() {
    let long = String(repeating: "é", count: 20)
    expect(base.map("") { $0 }.batch(4), names: "", "\"\" has 0", "1 to 39 bytes")
    expect(base.map(long) { $0 }.batch(4), names: long, "\"\(long)\" has 40")
    expect(base.map("a") { $0 }.filter("a") { _ in true }.batch(4), names: "a", "Two stages", "\"a\"", "filter")
    expect(base.map("read") { $0 }.batch(4), names: "read", "Two stages are named \"read\"")
    expect(base.map("a", concurrency: 0) { $0 }.batch(4), names: "a", "Concurrency 0", "1 to 4096")
    expect(base.map("a", concurrency: 4097) { $0 }.batch(4), names: "a", "Concurrency 4097")
    expect(base.batch(4, concurrency: -1), names: "batch", "Concurrency -1")
    expect(base.map("a") { $0 }.prefetch(0).batch(4), names: "a", "Prefetch 0")
    expect(base.prefetch(1 << 24 + 1).batch(4), names: "read", "Prefetch 16777217", "16777216")
    expect(base.map("a", onFailure: .skip(upTo: -1)) { $0 }.batch(4), names: "a", "skip(upTo: -1)")
    expect(base.batch(4, onFailure: .skip(upTo: -2)), names: "batch", "skip(upTo: -2)")
  }

  @Test(arguments: [-0.01, 0, 1.001, 2, .infinity, .nan])
  func aFractionOfFailuresThatIsNoneNamesTheStageAndTheValue(fraction: Double) {
    let skipped = base.map("a", onFailure: .skip(fraction: fraction)) { $0 }
    expect(skipped.batch(4), names: "a", "skip(fraction: \(fraction))", "above 0 and at most 1")
    let kept = base.map("a", onFailure: .retry(times: 1, then: .quarantine("bad", fraction: fraction))) { $0 }
    expect(kept.batch(4), names: "a", "quarantine(\"bad\", fraction: \(fraction))", "above 0 and at most 1")
  }

  @Test func aFractionOfOneIsAllSamplesAndACountOfOneIsOneSample() {
    #expect(FailurePolicy.skip(fraction: 1).tolerance == .fraction(1))
    #expect(FailurePolicy.skip(upTo: 1).tolerance == .count(1))
    #expect(FailurePolicy.quarantine("bad", fraction: 1).tolerance == .fraction(1))
    #expect(FailurePolicy.quarantine("bad", upTo: 1).tolerance == .count(1))
    #expect(mistake(base.map("a", onFailure: .skip(fraction: 1)) { $0 }.batch(4)) == nil)
  }

  @Test func twoCachesInOneFileAreAMistake() {
    func caches(_ first: String, _ second: String) -> BatchPipeline {
      base.cache(.disk(path: first), name: "one").map("m") { $0 }.cache(.disk(path: second), name: "two").batch(4)
    }
    expect(
      caches("a.cache", "a.cache"), names: "two", "\"one\" and \"two\"", "a.cache", "give each a path of its own")
    expect(
      caches("a.cache", "a.cache").concurrency(["m": 2]), names: "two", "\"one\" and \"two\"", "a.cache",
      "give each a path of its own")
    expect(caches("d/a.cache", "./d//a.cache"), names: "two", "\"one\" and \"two\"")
    expect(caches("/d/a.cache", "/d/./a.cache"), names: "two", "\"one\" and \"two\"")
    #expect(mistake(caches("a.cache", "b.cache")) == nil)
    #expect(mistake(caches("a.cache", "/a.cache")) == nil)
  }

  @Test func aQuarantineThatCannotBeMadeIsAMistake() throws {
    let folder = try TemporaryFolder()
    func mistake(_ path: String) -> HeadraceError? {
      let policy = FailurePolicy.retry(times: 1, then: .quarantine(path, upTo: 1))
      return self.mistake(base.map("decode", onFailure: policy) { $0 }.batch(4))
    }
    #expect(mistake(folder.file("bad")) == nil)
    #expect(mistake("\(folder.file("bad"))//") == nil)
    #expect(mistake(folder.path) == nil)
    #expect(mistake("/") == nil)
    #expect(mistake("bad-in-the-working-directory") == nil)
    #expect(try folder.names().isEmpty)

    let missing = mistake(folder.file("no/bad"))
    #expect(missing?.code == .notFound)
    #expect(
      missing?.description
        == "Quarantine \(folder.file("no/bad")) cannot be made, since there is no folder \(folder.file("no")); create"
        + " that, or check the path, which is taken from the working directory if it does not start with /. [stage:"
        + " decode]")
    let file = try folder.write("file")
    let taken = mistake(file)
    #expect(taken?.code == .invalidArgument)
    #expect(taken?.description == "Quarantine \(file) is a file; give the path of a folder. [stage: decode]")
    #expect(mistake("\(file)/bad")?.code == .notFound)
    #expect(
      mistake("")?.description
        == "quarantine(\"\") is not possible; a path has 1 or more bytes, none of them zero. [stage: decode]")
  }

  @Test func aMistakeInTheBatchNamesItsStageAndTheValue() {
    func batch(_ spec: BatchSpec) -> BatchPipeline { base.batch("gather", spec) { _, _ in } }
    expect(batch(BatchSpec(size: 0, x)), names: "gather", "0 samples")
    expect(batch(BatchSpec(size: 4, tensors: [])), names: "gather", "at least one TensorSpec")
    expect(batch(BatchSpec(size: 4, x, x)), names: "gather", "\"x\"")
    expect(batch(BatchSpec(size: 4, TensorSpec("y", .int8, shape: [2, -2]))), names: "gather", "y int8[2, -2]")
    expect(batch(BatchSpec(size: 4, TensorSpec("", .int8))), names: "gather", "\"\"")
    expect(
      batch(BatchSpec(size: 4, TensorSpec("y", .int8, shape: [Int.max, 2]))), names: "gather",
      "exceeds the address space")
  }

  @Test func tooManyStagesAreAMistake() {
    var pipeline = base
    for number in 0..<60 { pipeline = pipeline.map("m\(number)") { $0 } }
    #expect(mistake(pipeline.batch(4)) == nil)
    let error = mistake(pipeline.map("more") { $0 }.batch(4))
    #expect(error?.message == "The pipeline has 63 stages; at most 62 are possible, so do several steps in one.")
  }

  @Test func theSourcesOwnMistakeCarriesItsStage() {
    struct Missing: Source {
      var name: String { "folder" }
      func validate() throws(HeadraceError) { throw HeadraceError(.notFound, "There is no folder.") }
      func makeReader(epoch: Int) -> SequenceSource<[Int]>.Reader { SequenceSource([0]).makeReader(epoch: epoch) }
    }
    let error = mistake(Pipeline("images", from: Missing()).batch(4))
    #expect(error == HeadraceError(.notFound, "There is no folder.", stage: "images"))
  }

  @Test func aPlanTellsStagesAndLayoutWithoutReadingASample() throws {
    struct Unread: Source {
      var name: String { "unread" }
      func makeReader(epoch: Int) throws -> SequenceSource<[Int]>.Reader {
        Issue.record("a plan has opened its source")
        throw Mishap()
      }
    }
    let plan = try PipelinePlan(
      Pipeline(from: Unread()).map("work", concurrency: 3, ordering: .completion) { $0 }.prefetch(7)
        .batch(BatchSpec(size: 3, x, TensorSpec("y", .uint8, shape: [5])), partial: .pad) { _, _ in })
    #expect(plan.stages.map(\.name) == ["source", "work", "batch"])
    #expect(plan.stages.map(\.kind) == [.source, .map, .batch])
    #expect(plan.stages[1].concurrency == 3)
    #expect(plan.stages[1].ordering == .completion)
    #expect(plan.partial == .pad)
    #expect(plan.tensors.map(\.shape) == [[3], [3, 5]])
    #expect(plan.payloadByteCount == 256 + 15)
  }

  @Test func limitsThemselvesAreAllowed() {
    let name = String(repeating: "n", count: 39)
    let pipeline: BatchPipeline = base.map(name, concurrency: 4096, onFailure: .skip(upTo: 0)) { $0 }
      .prefetch(1 << 24).batch(1)
    #expect(mistake(pipeline) == nil)
  }

  @Test func limitsThatAreSetOneByOneAllHold() throws {
    let pipeline = Pipeline(from: 0..<4).limits(failures: 10).map("a") { "\($0)" }.limits(bytes: 1 << 20).limits(
      cores: 1.5)
    #expect(try PipelinePlan(pipeline).limits == PipelineLimits(failures: 10, bytes: 1 << 20, cores: 1.5))
    #expect(try PipelinePlan(pipeline.limits(failures: 3)).limits.failures == 3)
  }

  @Test func aLimitOfBytesThatNoTypeTellsIsAMistake() {
    let text = "limits(bytes: 1000) bounds nothing"
    #expect(mistake(base.batch(4).limits(bytes: 1000))?.message.hasPrefix(text) == true)
    #expect(mistake(base.limits(bytes: 1000).map("a") { -$0 }.batch(4))?.message.hasPrefix(text) == true)
    #expect(
      mistake(base.merge(with: Pipeline("other", from: 0..<9)).limits(bytes: 1000).batch(4))?.code == .invalidPipeline)
  }

  @Test func oneTypeThatTellsItsBytesIsEnoughForALimit() {
    let texts = Pipeline("texts", from: ["a", "b"])
    #expect(mistake(base.map("a") { "\($0)" }.map("b") { $0.utf8.count }.limits(bytes: 1000).batch(4)) == nil)
    #expect(mistake(texts.map("c") { $0.utf8.count }.merge(with: base).limits(bytes: 1000).batch(4)) == nil)
    #expect(
      mistake(
        base.route(by: { _ in "a" }, into: .path("a") { $0.map("b") { [Float($0)] }.map("c") { $0.count } })
          .batch(4).limits(bytes: 1000)) == nil)
  }
}
