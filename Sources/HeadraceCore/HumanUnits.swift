/// Numbers as a person reads them, with the unit that gives one to three digits before the point.
public enum HumanUnits {
  /// For example `0.8 us`, `12.4 ms`, `3.10 s`.
  public static func seconds(_ seconds: Double) -> String {
    if seconds.magnitude < 999.5e-6 { return "\(decimal(seconds * 1e6, places: 1)) us" }
    if seconds.magnitude < 0.9995 { return "\(decimal(seconds * 1e3, places: 1)) ms" }
    return "\(decimal(seconds, places: 2)) s"
  }

  /// For example `12.0 kB`, `3.4 GB`.
  public static func bytes(_ count: Int) -> String { bytes(Double(count)) }

  /// For example `12.0 kB/s`, `3.4 GB/s`.
  public static func bytesPerSecond(_ rate: Double) -> String { "\(bytes(rate))/s" }

  private static func bytes(_ count: Double) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    var value = count
    var unit = 0
    while value.magnitude >= 999.5 && unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return "\(decimal(value, places: unit == 0 || value.magnitude >= 99.95 ? 0 : 1)) \(units[unit])"
  }

  /// A share of 1 in whole percent: `97 %`.
  public static func share(_ share: Double) -> String { "\(decimal(share * 100, places: 0)) %" }

  /// For example `1,234`.
  public static func count(_ count: Int) -> String {
    let digits = String(count.magnitude)
    var text = count < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return text
  }

  /// For example `1 sample`, `1,234 samples`, `2 batches`.
  ///
  /// - Parameter plural: Where it is not the word with an s.
  public static func count(_ count: Int, _ noun: String, plural: String? = nil) -> String {
    "\(Self.count(count)) \(count == 1 ? noun : plural ?? noun + "s")"
  }

  /// A number with a fixed number of decimal places, with a comma between thousands; no exponent, unless it has more
  /// digits than 64 bits hold.
  public static func decimal(_ value: Double, places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    guard value.magnitude < 1e15, let scaled = Int64(exactly: (value.magnitude * scale).rounded()) else {
      return "\(value)"
    }
    let whole = count(Int(scaled / Int64(scale)))
    let sign = value < 0 && scaled != 0 ? "-" : ""
    guard places > 0 else { return "\(sign)\(whole)" }
    let fraction = String(scaled % Int64(scale))
    return "\(sign)\(whole).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
  }
}
