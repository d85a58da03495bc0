/// An error that a closure has thrown in another process, where its value stays.
struct RemoteError: Error, CustomStringConvertible {
  let description: String
}
