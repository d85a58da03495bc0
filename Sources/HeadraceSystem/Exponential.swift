import Glibc

/// The exponential function and its inverse, of the C library. See exp(3), log(3).
package enum Exponential {
  /// e to the power of `exponent`.
  package static func value(_ exponent: Double) -> Double { exp(exponent) }

  /// The power of e that `number`, above 0, is.
  package static func logarithm(_ number: Double) -> Double { log(number) }
}
