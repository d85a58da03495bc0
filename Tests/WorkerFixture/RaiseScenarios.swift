import Headrace

/// A closure or the source throws: `raise makeReader|source|stage|batch POSITION PLACEMENT`, three epochs.
enum RaiseScenarios {
  static func raise(_ scenario: Scenario) throws {
    let place = scenario.text(0)
    let bad = scenario.number(1)
    let mishap = Mishap(description: "bad sector \(bad)")
    let source = HookedSource(
      length: 100, opening: { _ in if place == "makeReader" { throw mishap } },
      reading: { if place == "source" && $0 == bad { throw mishap } })
    let pipeline = Pipeline(from: source)
      .map("decode", concurrency: 2) { value in
        if place == "stage" && value == bad { throw mishap }
        return value
      }
      .batch("collate", Samples.spec, concurrency: 2) { value, row in
        if place == "batch" && value == bad { throw mishap }
        try Samples.write(value, to: &row)
      }
    var batches = try runPipelineInSubprocess(pipeline, threads: 2, slots: 4, placement: scenario.placement(2))
    for epoch in 0..<3 {
      var values: [Int] = []
      do throws(HeadraceError) {
        while let batch = try batches.next() {
          let found = try? Samples.values(batch)
          if batch.epoch == epoch, let found { values += found }
        }
        emit("epoch", "\(epoch) ended")
      } catch {
        emit("epoch", "\(epoch) good \(values == Array(0..<values.count) ? values.count : -1) \(error.code)")
        emit("message", error.message)
        emit("stage", error.stage ?? "-")
        emit("sample", error.sample?.key ?? "-")
        emit("cause", error.cause ?? "-")
      }
    }
  }

  /// One failure more than `skip(upTo:)` allows, in each of three epochs.
  static func skipTooMany(_ scenario: Scenario) throws {
    let pipeline = Pipeline(from: 0..<100)
      .map("decode", onFailure: .skip(upTo: 2)) { value in
        if value % 20 == 15 { throw Mishap(description: "bad sector \(value)") }
        return value
      }
      .batch("collate", Samples.spec) { try Samples.write($0, to: &$1) }
    var batches = try runPipelineInSubprocess(
      pipeline, threads: 2, slots: 4, placement: scenario.placement(0))
    for epoch in 0..<3 {
      var values: [Int] = []
      do throws(HeadraceError) {
        while let batch = try batches.next() { values += (try? Samples.values(batch)) ?? [] }
      } catch {
        emit("epoch", "\(epoch) good \(values.count) \(error)")
      }
    }
  }
}
