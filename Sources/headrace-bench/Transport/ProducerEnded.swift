/// The producing process has ended before its work.
struct ProducerEnded: Error, CustomStringConvertible {
  var description: String { "the producing process ended early; its last message tells why" }
}
