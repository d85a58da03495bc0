import HeadraceCore

/// How samples of one type cross to another process, as the bytes that `Storable` makes of them.
struct SampleCoder: Sendable {
  /// Appends a sample's bytes.
  let encode: @Sendable (AnySample, inout [UInt8]) throws -> Void
  /// Makes the sample again.
  let decode: @Sendable (Span<UInt8>) throws -> AnySample
  /// Bytes that a sample counts, as `ElementTraits` says.
  let byteCount: @Sendable (AnySample) -> Int

  /// Nil if the type is not `Storable`.
  init?<Element: Sendable>(_: Element.Type) {
    guard let kind = Element.self as? any (Storable & Sendable).Type else { return nil }
    self.init(storable: kind)
  }

  private init<Element: Storable & Sendable>(storable _: Element.Type) {
    let traits = ElementTraits<Element>()
    encode = { sample, bytes in try typed(sample, as: Element.self).store(into: &bytes) }
    decode = { bytes in try Element(storedBytes: bytes) }
    byteCount = { traits.byteCount(typed($0)) }
  }
}
