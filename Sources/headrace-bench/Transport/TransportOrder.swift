/// What the consumer tells the producer to do next.
struct TransportOrder: BitwiseCopyable {
  enum Kind: BitwiseCopyable {
    /// Payloads one after the other, as fast as they are taken.
    case payloads
    /// Stamps of the clock, each when the consumer sleeps.
    case wakeUps
  }

  var kind: Kind
  var mode: TransportMode
  var count: Int
}
