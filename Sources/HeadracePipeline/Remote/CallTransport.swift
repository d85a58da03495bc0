/// Brings calls of stages' closures to other processes. The engine does not know which, or how.
package protocol CallTransport: AnyObject, Sendable {
  /// Has a request answered, and waits for that.
  ///
  /// - Parameters:
  ///   - request: for `CallServer.answer`.
  ///   - limit: nanoseconds that the call may take; then whoever makes it is ended. Nil: no bound.
  /// - Throws: `CallFailure`.
  func call(_ request: [UInt8], limit: UInt64?) throws(CallFailure) -> [UInt8]
}

/// Why a call has no answer. Nobody makes it any more, or writes to memory for it.
package enum CallFailure: Error, Hashable {
  /// The process ended each time that the call was made, the last two times with nothing else to do: in words, how.
  case died(times: Int, how: String)
  /// The call was given up after so many nanoseconds.
  case overdue(nanoseconds: UInt64)
  /// The request or the answer could not be handed over: in words, why.
  case notDelivered(String)
}
