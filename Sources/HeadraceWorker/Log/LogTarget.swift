/// What a loader's supervisor does with lines of its log, beside noting them in the ring.
enum LogTarget: String, Codable, Hashable, Sendable {
  /// Writes them to standard error.
  case standardError
  /// Nothing: the consumer looks for them there.
  case ring
  /// They do not pass it.
  case inherited
}
