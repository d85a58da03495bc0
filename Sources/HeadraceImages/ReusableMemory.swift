/// What a `ReusePool` keeps.
protocol ReusableMemory: AnyObject, Sendable {
  /// Bytes that are kept.
  var byteCount: Int { get }
  /// Gives all memory back.
  func release()
}
