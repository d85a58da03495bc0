import HeadraceSystem

/// What wakes one reader, shared by all who may wake it.
final class ReaderSignal: Sendable {
  private let event: EventSignal

  init(_ event: consuming EventSignal) { self.event = event }

  /// The number of its descriptor, readable from `signal()` to `drain()`.
  var number: Int32 { event.descriptor.number }

  func signal() { event.signal() }
  func drain() { event.drain() }
}
