/// A call whose time is over, and which is to be counted as failed.
struct OverdueCall<Call: Sendable>: Sendable {
  let call: Call
  /// How long it had taken when it was found.
  let nanoseconds: UInt64
}
