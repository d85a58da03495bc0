import HeadraceSystem

/// What the watched processes had used at one moment: the input of `ResourceHistory`.
struct ResourceReading: Sendable, Hashable {
  /// On the clock of `BootClock`.
  var nanoseconds: UInt64
  /// Those that could be read, each once.
  var processes: [ProcessResources] = []
  /// Nil when it could not be read.
  var network: NetworkCounters?
}
