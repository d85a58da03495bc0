import HeadraceCore
import HeadracePipeline
import Testing

/// Closures that are called from bytes to bytes, as another process calls them.
@Suite struct RemoteStageTests {
  /// Stages that can follow each other in any order.
  private enum Step: CaseIterable {
    case map, compactMap, filter, tap, shuffle, flatMap, failing, text

    func append(to pipeline: Pipeline<Int>, _ place: Int) -> Pipeline<Int> {
      switch self {
      case .map: pipeline.map("map \(place)", concurrency: 2) { $0 &* 3 &+ 1 }
      case .compactMap: pipeline.compactMap("compactMap \(place)", concurrency: 2) { $0 % 5 == 2 ? nil : $0 }
      case .filter: pipeline.filter("filter \(place)") { $0 % 3 != 1 }
      case .tap: pipeline.tap("tap \(place)") { _ in }
      case .shuffle: pipeline.shuffle(size: 7, seed: 3, name: "shuffle \(place)")
      case .flatMap: pipeline.flatMap("flatMap \(place)") { [$0, -$0] }
      case .failing:
        pipeline.map("failing \(place)", concurrency: 2, onFailure: .skip(upTo: 1_000)) { value in
          if value % 4 == 1 { throw Mishap() }
          if value % 4 == 3 { throw HeadraceError(.missingField, "There is no field 3.", cause: "of a test") }
          return value
        }
      case .text:
        pipeline.map("text \(place)") { String($0) }.map("number \(place)") { Int($0) ?? 0 }
      }
    }
  }

  @Test func everyChainOfThreeStagesGivesTheSameSamplesAndFailures() throws {
    for first in Step.allCases {
      for second in Step.allCases {
        for third in Step.allCases {
          var pipeline = Pipeline(from: 0..<30)
          for (place, step) in [first, second, third].enumerated() { pipeline = step.append(to: pipeline, place) }
          let batches = pipeline.batch(4, concurrency: 2, onFailure: .skip(upTo: 1_000))
          let (near, far) = (try Rig(batches), try Rig(batches, transport: { LoopbackTransport(batches, $0) }))
          #expect(near.epoch() == .completed)
          #expect(far.epoch() == .completed)
          #expect(far.batches == near.batches, "\(first), \(second), \(third)")
          #expect(far.positions == near.positions, "\(first), \(second), \(third)")
          // Stages fail side by side, each in order.
          #expect(Self.byStage(far) == Self.byStage(near), "\(first), \(second), \(third)")
        }
      }
    }
  }

  private static func byStage(_ rig: Rig) -> [String: [SampleFailure]] {
    Dictionary(grouping: rig.observer.skipped) { $0.error.stage ?? "" }
  }

  @Test func rowsThatDifferInShapeCross() throws {
    let spec = BatchSpec(
      size: 3, TensorSpec("x", .int64), TensorSpec("ragged", .int32, shape: [9]).ragged(maximumByteCount: 4_096),
      TensorSpec("padded", .int32, shape: [9]).padded(maximumByteCount: 4_096))
    let pipeline = Pipeline(from: 0..<20).batch(spec, concurrency: 2) { value, row in
      let values = (0..<(value % 9)).map { Int32(value * $0) }
      try row.write(Int64(value), to: "x")
      try row.write(contentsOf: values, to: "ragged")
      try row.write(contentsOf: values, to: "padded")
    }
    let (near, far) = (try Rig(pipeline), try Rig(pipeline, transport: { LoopbackTransport(pipeline, $0) }))
    #expect(near.epoch() == .completed && far.epoch() == .completed)
    let names = near.sink.delivered[0].tensors.map(\.name)
    #expect(names.count > 3)
    for (one, other) in zip(near.sink.delivered, far.sink.delivered) {
      #expect(one.tensors == other.tensors)
      for name in names { #expect(one.bytes(name) == other.bytes(name)) }
    }
    #expect(near.sink.delivered.count == far.sink.delivered.count)
  }

  @Test func aRowThatIsNotWrittenInFullFailsByName() throws {
    let spec = BatchSpec(size: 3, TensorSpec("x", .int64), TensorSpec("y", .int64))
    let pipeline = Pipeline(from: 0..<3).batch(spec) { try $1.write(Int64($0), to: "x") }
    let error = try Rig(pipeline, transport: { LoopbackTransport(pipeline, $0) }).epoch().error
    #expect(error?.cause?.contains("wrote nothing to tensor \"y\"") == true || error?.message.contains("\"y\"") == true)
  }

  @Test func eachWayInWhichACallFailsNamesStageAndSample() throws {
    let failures: [(CallFailure, HeadraceError.Code)] = [
      (.died(times: 3, how: "was killed by signal 11 (SIGSEGV)"), .sampleCrashed),
      (.overdue(nanoseconds: 5_000_000), .timedOut), (.notDelivered("there is no memory"), .systemCall),
    ]
    for (failure, code) in failures {
      for policy in [FailurePolicy.raise, .skip(upTo: 1)] {
        let pipeline: BatchPipeline = Pipeline(from: 0..<10).map("decode", onFailure: policy) { $0 }.batch(5)
        // The third call is of the third sample: there is one thread, and a batch has five rows.
        let rig = try Rig(pipeline, threads: 1) { LoopbackTransport(pipeline, $0) { $0 == 3 ? failure : nil } }
        let outcome = rig.epoch()
        let error = policy == .raise ? outcome.error : rig.observer.skipped.first?.error
        #expect(error?.code == code)
        #expect(error?.stage == "decode")
        #expect(error?.sample?.key == "sample 2")
      }
    }
  }

  @Test func aTypeThatIsNotStorableIsNamed() throws {
    struct Plain { var value: Int }
    let pipeline = Pipeline(from: 0..<10).map("wrap") { Plain(value: $0) }.batch(numbers(2)) { _, _ in }
    #expect {
      try PipelinePlan(pipeline).checkRemoteCalls()
    } throws: { error in
      let error = error as? HeadraceError
      return error?.stage == "wrap" && error?.message.contains("Plain") == true
    }
  }

  @Test func anyRequestThatNobodyWroteIsAnsweredWithAnError() throws {
    let pipeline: BatchPipeline = Pipeline(from: 0..<10).map("decode") { $0 }.batch(5)
    let server = unsafe CallServer(pipeline) { _ in nil }
    for count in 0..<60 {
      for fill: UInt8 in [0, 1, 2, 3, 0x7F, 0xFF] {
        // 4: a HeadraceError, 0: a sample that was read as it stands there.
        #expect([0, 4].contains(server.answer([UInt8](repeating: fill, count: count)).first))
      }
    }
    // What cannot be handed over is no lack of memory, unless it is one.
    for (answer, code) in [(server.unreadable, HeadraceError.Code.systemCall), (server.tooLarge(1), .outOfMemory)] {
      #expect(try HeadraceError(storedBytes: Array(answer.dropFirst()).span).code == code)
    }
  }
}
