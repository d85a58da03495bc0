import HeadracePipeline
import Synchronization

/// Calls closures as another process does, from bytes to bytes, but in this one.
final class LoopbackTransport: CallTransport {
  private let server: CallServer
  private let calls = Atomic<Int>(0)
  private let fault: (@Sendable (_ call: Int) -> CallFailure?)?

  /// - Parameter fault: what becomes of a call instead of an answer, by its number from 1.
  init(_ pipeline: BatchPipeline, _ plan: PipelinePlan, fault: (@Sendable (_ call: Int) -> CallFailure?)? = nil) {
    let byteCount = plan.payloadByteCount
    server = unsafe CallServer(pipeline) { number in
      unsafe UnsafeMutableRawPointer(bitPattern: number).map {
        unsafe UnsafeMutableRawBufferPointer(start: $0, count: byteCount)
      }
    }
    self.fault = fault
  }

  func call(_ request: [UInt8], limit: UInt64?) throws(CallFailure) -> [UInt8] {
    if let failure = fault?(calls.add(1, ordering: .relaxed).newValue) { throw failure }
    return server.answer(request)
  }
}
