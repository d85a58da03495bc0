import HeadracePipeline
import Testing

@Suite struct MergeTests {
  @Test(arguments: [1, 4])
  func allComesAndEachPipelineKeepsItsOrder(threads: Int) throws {
    let pipelines = (0..<3).map { number in
      Pipeline("source \(number)", from: 0..<500).map("map \(number)", concurrency: 2) { $0 + 1000 * number }
    }
    for elements in try Pipeline.merging(pipelines).collected(threads: threads, epochs: 3) {
      #expect(elements.count == 1500)
      for number in 0..<3 { #expect(elements.filter { $0 / 1000 == number } == (0..<500).map { $0 + 1000 * number }) }
    }
  }

  @Test func onePipelineDoesNotWaitForAnother() throws {
    // The other has nothing until all of this one has been taken.
    let gate = Gate()
    let slow = Pipeline("slow", from: 0..<1).map("wait") { number in
      gate.pass()
      return number + 100
    }
    var elements = try Pipeline("quick", from: 0..<50).merge(with: slow).run(threads: 2, epochs: 1)
    for expected in 0..<50 { #expect(try elements.next() == expected) }
    gate.open()
    #expect(try elements.next() == 100)
    #expect(try elements.next() == nil)
  }

  @Test func anErrorOfOneEndsAll() throws {
    let bad = Pipeline("bad", from: 0..<3).map { number -> Int in
      if number == 2 { throw Mishap() }
      return number
    }
    let outcome = try Pipeline("endless", from: Endless()).merge(with: bad).outcome()
    #expect(outcome.error?.stage == "map")
  }

  @Test func theLowestLimitsHold() throws {
    func pipeline(_ name: String, failures: Int?) -> Pipeline<Int> {
      Pipeline(name, from: 0..<10).map("\(name)!", onFailure: .skip(upTo: 10)) { number -> Int in throw Mishap() }
        .limits(failures: failures)
    }
    let pipelines = [pipeline("a", failures: nil), pipeline("b", failures: 30), pipeline("c", failures: 20)]
    #expect(try Pipeline.merging(pipelines).outcome().error?.code == .tooManyFailures)
    #expect(try Pipeline.merging(Array(pipelines.dropLast())).outcome().error == nil)
  }

  @Test func mistakesAreToldBeforeTheStart() {
    let none: [Pipeline<Int>] = []
    #expect(Pipeline.merging(none).mistake == "There is nothing to merge; give one pipeline or more. [stage: merge]")
    let pipeline = Pipeline(from: 0..<3)
    #expect(
      pipeline.merge(with: pipeline).mistake
        == "Two stages take from stage \"source\", which gives each sample once; make a pipeline for each of them.")
    #expect(
      pipeline.merge(with: Pipeline(from: 0..<3)).mistake
        == "Two stages are named \"source\"; give each source stage a name of its own.")
  }
}
