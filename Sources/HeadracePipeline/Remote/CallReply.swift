/// How an answer to a `CallRequest` begins: one byte, and what follows it depends on that.
enum CallReply: UInt8 {
  /// The stage's result: its bytes.
  case made = 0
  /// The sample itself is handed on: nothing.
  case kept = 1
  /// It is left out: nothing.
  case leftOut = 2
  /// The row is written: which tensors, and the rows that have no place yet; see `RowResult`.
  case written = 3
  /// The closure has thrown a `HeadraceError`: its bytes.
  case failed = 4
  /// It has thrown another error: what that says of itself.
  case failedOtherwise = 5
}
