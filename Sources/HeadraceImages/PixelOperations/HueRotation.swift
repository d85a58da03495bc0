/// A turn of the color wheel, as torchvision.transforms.v2.functional.adjust_hue has it for uint8 tensors.
///
/// Colors, as float32 from 0 to 1, become hue, saturation and value (the hexcone of Smith, Color Gamut Transform Pairs,
/// 1978); the turn is added to the hue, modulo 1; the way back ends with v * 255.999, rounded down.
struct HueRotation {
  private let shift: Float

  /// - Parameter shift: share of a full turn, finite.
  init(_ shift: Double) { self.shift = Float(shift.remainder(dividingBy: 1)) }

  /// The color whose hue is that of `color` and the turn.
  @inline(__always)
  func rotated(_ color: RGB) -> RGB {
    let unit: Float = 1 / 255
    let (red, green, blue) = (Float(color.red) * unit, Float(color.green) * unit, Float(color.blue) * unit)
    let value = max(red, green, blue)
    let range = value - min(red, green, blue)
    guard range > 0 else { return color }

    let saturation = range / value
    let (fromRed, fromGreen, fromBlue) = ((value - red) / range, (value - green) / range, (value - blue) / range)
    // In sixths of a turn from red, -1...5.
    let sixths =
      value == red ? fromBlue - fromGreen : value == green ? fromRed + 2 - fromBlue : fromGreen + 4 - fromRed
    var hue = sixths * (1 / 6) + 1
    hue = (hue < 1 ? hue : hue - 1) + shift
    hue = hue < 0 ? hue + 1 : hue < 1 ? hue : hue - 1

    let turned = hue * 6
    // 6 where a hue a little below 0 was rounded up to a full turn.
    let sector = Int32(turned)
    let part = saturation * (turned - Float(sector))
    let falling = Self.byte((1 - part) * value)
    let rising = Self.byte((part + (1 - saturation)) * value)
    let (most, least) = (Self.byte(value), Self.byte((1 - saturation) * value))
    switch sector {
    case 1: return RGB(falling, most, least)
    case 2: return RGB(least, most, rising)
    case 3: return RGB(least, falling, most)
    case 4: return RGB(rising, least, most)
    case 5: return RGB(most, least, falling)
    default: return RGB(most, rising, least)
    }
  }

  @inline(__always)
  private static func byte(_ value: Float) -> UInt8 {
    UInt8(truncatingIfNeeded: Int32(min(max(value, 0), 1) * 255.999))
  }
}
