/// A way to bring a payload to another process, or what bounds and rivals it.
enum TransportMode: String, CaseIterable, BitwiseCopyable {
  /// The producer fills a slot; nothing is copied.
  case inPlace = "in_place"
  /// The producer copies the payload from private memory into a slot.
  case copyIn = "copy_in"
  /// The same copy into the same slots without another process: the limit of whatever copies.
  case memcpy
  /// The payload through a pipe, into a reused buffer.
  case pipe
  /// The payload through a Unix socket, into a reused buffer.
  case unixSocket = "unix_socket"

  var usesRing: Bool { self == .inPlace || self == .copyIn }
}
