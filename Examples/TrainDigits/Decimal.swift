/// A number with a fixed count of decimal places, as text; the standard library has no such format.
struct Decimal {
  let text: String

  init(_ value: Double, places: Int) {
    guard value.isFinite, abs(value) < 1e9 else {
      text = "\(value)"
      return
    }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(value) * Double(scale)).rounded())
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: max(places - fraction.count, 0))
    text = (value < 0 ? "-" : "") + "\(scaled / scale)" + (places > 0 ? ".\(zeros)\(fraction)" : "")
  }
}
