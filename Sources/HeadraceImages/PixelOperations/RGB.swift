/// The color of a pixel.
struct RGB: Equatable {
  let red: UInt8
  let green: UInt8
  let blue: UInt8

  @inline(__always)
  init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// 0.2989 r + 0.587 g + 0.114 b, rounded down: in integers, so exact.
  ///
  /// torchvision has the sum in float32. With FMA, 3 of all colors come out 1 lower there, whose exact sums are whole.
  @inline(__always)
  var gray: UInt8 {
    UInt8(truncatingIfNeeded: (2989 * UInt32(red) &+ 5870 * UInt32(green) &+ 1140 * UInt32(blue)) / 10_000)
  }
}
