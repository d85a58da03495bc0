import HeadraceCore
import HeadraceSystem

extension SampleRandom {
  /// A number of the distribution Beta(alpha, alpha), from 0 to 1.
  ///
  /// With X and Y of the distribution Gamma(alpha), X / (X + Y) is of Beta(alpha, alpha).
  ///
  /// - Parameter alpha: above 0.
  mutating func beta(_ alpha: Double) -> Double {
    let (x, y) = (logarithmOfGamma(alpha), logarithmOfGamma(alpha))
    // With a small alpha both may be too small for a number, but not their logarithms.
    return 1 / (1 + Exponential.value(y - x))
  }

  /// The logarithm of a number of the distribution Gamma(shape) of scale 1.
  ///
  /// G. Marsaglia, W. W. Tsang, "A Simple Method for Generating Gamma Variables", 2000, doi:10.1145/358407.358414; for
  /// a shape below 1 their note on it: Gamma(shape + 1) times a uniform number to the power of 1 / shape.
  private mutating func logarithmOfGamma(_ shape: Double) -> Double {
    guard shape >= 1 else {
      return logarithmOfGamma(shape + 1) + Exponential.logarithm(positive()) / shape
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      if Exponential.logarithm(positive()) < 0.5 * x * x + d * (1 - v + Exponential.logarithm(v)) {
        return Exponential.logarithm(d * v)
      }
    }
  }

  /// A number of the standard normal distribution, by the polar method of G. Marsaglia and T. A. Bray, "A Convenient
  /// Method for Generating Normal Variables", 1964, doi:10.1137/1006063.
  private mutating func normal() -> Double {
    while true {
      let (x, y) = (uniform(-1...1), uniform(-1...1))
      let square = x * x + y * y
      guard square > 0, square < 1 else { continue }
      return x * (-2 * Exponential.logarithm(square) / square).squareRoot()
    }
  }

  /// A uniform number above 0, up to 1.
  private mutating func positive() -> Double { 1 - uniform(0...1) }
}
