/// Carries a value that is not `Sendable` into a `Mutex`, which is then the only way to it.
struct Disconnected<Value>: @unchecked Sendable {
  var value: Value
  init(_ value: sending Value) { self.value = value }
}
