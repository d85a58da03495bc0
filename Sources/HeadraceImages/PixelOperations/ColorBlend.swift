/// A weighted sum of a value and another one, whose weights are a factor and what it lacks to 1.
struct ColorBlend {
  private let factor: Float
  private let rest: Double

  init(_ factor: Double) {
    self.factor = Float(factor)
    rest = Double(Float(1 - factor))
  }

  /// The other value times its weight: exact.
  @inline(__always)
  func offset(of other: Float) -> Double { rest * Double(other) }

  /// `factor * value`, cut off and rounded down.
  @inline(__always)
  func scaled(_ value: UInt8) -> UInt8 { Self.cutOff(factor * Float(value)) }

  /// `factor * value + offset`, the sum rounded to float32, then cut off and rounded down.
  @inline(__always)
  func blended(_ value: UInt8, _ offset: Double) -> UInt8 {
    Self.cutOff(Float(Double(factor * Float(value)) + offset))
  }

  @inline(__always)
  private static func cutOff(_ value: Float) -> UInt8 { UInt8(truncatingIfNeeded: Int32(min(max(value, 0), 255))) }
}
