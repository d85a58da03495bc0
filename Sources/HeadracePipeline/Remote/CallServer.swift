import HeadraceCore

/// Calls the closures of a pipeline's stages for another process, which runs the pipeline and has the samples.
///
/// Any number of threads may use one at the same time.
@safe package final class CallServer: Sendable {
  private let closures: [StageClosure?]
  private let stages: [StageDescription]
  private let layout: BatchLayout
  private let memory: @Sendable (_ buffer: Int) -> UnsafeMutableRawBufferPointer?
  /// Why no request can be answered; nil: each can.
  private let refusal: HeadraceError?

  /// - Parameters:
  ///   - pipeline: as the other process has it; not checked again.
  ///   - memory: that of a batch by its buffer's number; nil if there is no such buffer.
  package init(_ pipeline: BatchPipeline, memory: @escaping @Sendable (_ buffer: Int) -> UnsafeMutableRawBufferPointer?)
  {
    let stages = PipelineGraph(pipeline.last).stages
    closures = stages.map(\.closure)
    self.stages = stages.map(\.description)
    layout = BatchLayout(pipeline.spec)
    unsafe self.memory = memory
    refusal = nil
  }

  /// One that answers each request with an error: whoever asks fails by it.
  package init(refusal: HeadraceError) {
    closures = []
    stages = []
    layout = BatchLayout(BatchSpec(size: 1))
    unsafe memory = { _ in nil }
    self.refusal = refusal
  }

  /// The answer to a request that cannot be read.
  package var unreadable: [UInt8] { failure(.systemCall, "The request could not be read.") }

  /// In the place of an answer for which there is no memory.
  package func tooLarge(_ byteCount: Int) -> [UInt8] {
    failure(
      .outOfMemory, "There is no memory for the \(HumanUnits.bytes(byteCount)) that the stage made of the sample.")
  }

  private func failure(_ code: HeadraceError.Code, _ message: String) -> [UInt8] {
    var reply = [CallReply.failed.rawValue]
    // Of texts, which always can be stored.
    try? HeadraceError(code, message).store(into: &reply)
    return reply
  }

  /// Does what a request says. Whatever the closure throws is an answer too.
  package func answer(_ request: [UInt8]) -> [UInt8] {
    var reply: [UInt8] = []
    do {
      try answer(request, &reply)
    } catch let error as HeadraceError {
      reply = [CallReply.failed.rawValue]
      // Of texts, which always can be stored.
      try? error.store(into: &reply)
    } catch {
      reply = [CallReply.failedOtherwise.rawValue]
      describe(error).store(into: &reply)
    }
    return reply
  }

  private func answer(_ bytes: [UInt8], _ reply: inout [UInt8]) throws {
    if let refusal { throw refusal }
    let request = try CallRequest(bytes.span)
    let stored = bytes.span.extracting(droppingFirst: CallRequest.byteCount)
    guard closures.indices.contains(request.stage), let closure = closures[request.stage] else {
      throw HeadraceError.unstorable("Stage \(request.stage) was asked for, which has no closure")
    }
    let label = CallLabel(stage: stages[request.stage].name, position: request.position, sample: nil)
    try CallLabel.$current.withValue(label) { try call(closure, request, stored, &reply) }
  }

  private func call(
    _ closure: StageClosure, _ request: CallRequest, _ stored: Span<UInt8>, _ reply: inout [UInt8]
  ) throws {
    switch closure {
    case .sample(let closure):
      var item = try makeItem(request, closure.input, stored)
      guard try closure.work(&item, request.epoch) else { return reply.append(CallReply.leftOut.rawValue) }
      if [.filter, .tap].contains(stages[request.stage].kind) { return reply.append(CallReply.kept.rawValue) }
      reply.append(CallReply.made.rawValue)
      try closure.output?.encode(item.value, &reply)
    case .row(let closure):
      guard let payload = unsafe memory(request.buffer), (0..<layout.spec.size).contains(request.row) else {
        throw HeadraceError.unstorable("Row \(request.row) of buffer \(request.buffer) was asked for")
      }
      var row = unsafe Row(
        layout: layout, payload: payload, location: RowLocation(batch: request.buffer, row: request.row),
        context: SampleContext(
          epoch: request.epoch, position: request.position, stage: stages[request.stage].name))
      try closure.fill(try makeItem(request, closure.input, stored), &row)
      reply.append(CallReply.written.rawValue)
      try row.result.store(into: &reply)
    }
  }

  private func makeItem(_ request: CallRequest, _ coder: SampleCoder?, _ bytes: Span<UInt8>) throws -> Item {
    guard let coder else { throw HeadraceError.unstorable("A sample came whose type cannot cross") }
    return Item(position: request.position, label: nil, value: try coder.decode(bytes))
  }
}
