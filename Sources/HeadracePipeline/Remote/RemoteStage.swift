import HeadraceCore
import HeadraceSystem

/// A stage whose closure other processes call: what the run's own process does for each sample.
struct RemoteStage: Sendable {
  private let stage: StageContext
  private let closure: StageClosure
  private let transport: any CallTransport
  private let limit: UInt64?

  init(_ closure: StageClosure, _ stage: StageContext, _ transport: any CallTransport) {
    self.stage = stage
    self.closure = closure
    self.transport = transport
    limit = stage.description.options.timeout.flatMap { MonotonicClock.nanoseconds(in: $0) }
  }

  /// In the place of the closure of a `map` or its like.
  func work(_ item: inout Item) throws -> Bool {
    guard case .sample(let closure) = closure, let input = closure.input, let output = closure.output else {
      throw cannotCross
    }
    let reply = try call(
      CallRequest(stage: stage.index, position: item.position, epoch: stage.readerEpoch), input, item)
    switch CallReply(rawValue: reply[0]) {
    case .made?:
      let value = try output.decode(reply.span.extracting(droppingFirst: 1))
      Item.replace(&item, value: value, byteCount: output.byteCount(value))
      return true
    case .kept?: return true
    case .leftOut?: return false
    default: throw try Self.error(reply)
    }
  }

  /// In the place of the closure of a `batch`.
  ///
  /// - Parameter buffer: number of the batch's memory.
  func fill(_ item: Item, _ row: inout Row, buffer: Int) throws {
    guard case .row(let closure) = closure, let input = closure.input else {
      throw cannotCross
    }
    let request = CallRequest(
      stage: stage.index, position: item.position, epoch: stage.readerEpoch, buffer: buffer, row: row.location.row)
    let reply = try call(request, input, item)
    guard CallReply(rawValue: reply[0]) == .written else { throw try Self.error(reply) }
    row.result = try RowResult(
      reply.span.extracting(droppingFirst: 1), at: row.location, tensors: row.layout.gathered.count)
  }

  /// The start has checked it, of the pipeline that was made then; another one may have been made since.
  private var cannotCross: HeadraceError {
    HeadraceError(
      .invalidPipeline,
      "Samples of stage \"\(stage.description.name)\" are of a type that is not Storable, so other processes cannot be"
        + " called for them. Conform it, or leave workers out.", stage: stage.description.name)
  }

  private func call(_ request: CallRequest, _ input: SampleCoder, _ item: Item) throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(CallRequest.byteCount + item.byteCount + 64)
    request.store(into: &bytes)
    try input.encode(item.value, &bytes)
    do throws(CallFailure) {
      let reply = try transport.call(bytes, limit: limit)
      guard !reply.isEmpty else { throw CallFailure.notDelivered("it was empty") }
      return reply
    } catch {
      throw describe(error, position: item.position)
    }
  }

  private func describe(_ failure: CallFailure, position: Int) -> HeadraceError {
    let name = stage.description.name
    switch failure {
    case .died(let times, let how):
      return HeadraceError(
        .sampleCrashed,
        "Sample \(position) of epoch \(stage.epoch) has ended \(times) processes that called stage \"\(name)\" for it,"
          + " the last two of them with nothing else to do: the process \(how).", stage: name, cause: how)
    case .overdue(let nanoseconds):
      stage.metrics.recordTimeout()
      return stage.timeoutError(position: position, after: nanoseconds, limit: limit ?? nanoseconds)
    case .notDelivered(let reason):
      return HeadraceError(
        .systemCall,
        "Sample \(position) of epoch \(stage.epoch) or what stage \"\(name)\" made of it could not be handed over"
          + " between processes.", stage: name, cause: reason)
    }
  }

  private static func error(_ reply: [UInt8]) throws -> any Error {
    let rest = reply.span.extracting(droppingFirst: 1)
    switch CallReply(rawValue: reply[0]) {
    case .failed?: return try HeadraceError(storedBytes: rest)
    case .failedOtherwise?: return RemoteError(description: try String(storedBytes: rest))
    default: return HeadraceError.unstorable("An answer of kind \(reply[0]) came")
    }
  }
}
