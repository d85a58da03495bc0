import HeadraceCore

/// The arguments of a transform as text, taken one after the other: by place, or by name.
struct TransformArguments {
  private let call: TransformCall
  private let form: String
  private var places: [String] = []
  private var named: [(name: String, text: String)] = []

  /// - Parameter form: what is possible, for errors.
  init(_ call: TransformCall, form: String) {
    self.call = call
    self.form = form
    for argument in call.arguments {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 {
        named.append((parts[0].trimmed, parts[1].trimmed))
      } else {
        places.append(argument)
      }
    }
  }

  /// `224`, or `320x240`; required, and always the first.
  mutating func size() throws(HeadraceError) -> (width: Int, height: Int, isOneNumber: Bool) {
    guard let text = take("size", positional: true) else { throw mistake("has no size") }
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    if sides.count == 1, let side = sides[0] { return (side, side, true) }
    if sides.count == 2, let width = sides[0], let height = sides[1] { return (width, height, false) }
    throw mistake("has a size of \"\(text)\", which is neither a number of pixels nor WIDTHxHEIGHT")
  }

  /// Pixels on each side: one number is for all, two are for left and right and for top and bottom, four for each. By
  /// name some suffice, or `all`.
  mutating func sides() throws(HeadraceError) -> (left: Int, top: Int, right: Int, bottom: Int) {
    var sides: [Int?] = []
    for side in ["left", "top", "right", "bottom"] { sides.append(try integer(side, positional: false)) }
    var numbers: [Int] = []
    if let all = try integer("all", positional: false) { numbers.append(all) }
    let isNamed = !numbers.isEmpty
    while !places.isEmpty, let number = try integer("a side") { numbers.append(number) }
    switch numbers.count {
    case 0 where sides.contains { $0 != nil }: return (sides[0] ?? 0, sides[1] ?? 0, sides[2] ?? 0, sides[3] ?? 0)
    case 0: throw mistake("has no padding")
    case _ where sides.contains { $0 != nil }: throw mistake("has sides by name beside numbers for all")
    case 1: return (numbers[0], numbers[0], numbers[0], numbers[0])
    case _ where isNamed: throw mistake("has all beside other numbers")
    case 2: return (numbers[0], numbers[1], numbers[0], numbers[1])
    case 4: return (numbers[0], numbers[1], numbers[2], numbers[3])
    default: throw mistake("has \(numbers.count) numbers; 1, 2 and 4 have a meaning")
    }
  }

  /// A whole number; nil where there is none.
  mutating func integer(_ name: String, positional: Bool = true) throws(HeadraceError) -> Int? {
    guard let text = take(name, positional: positional) else { return nil }
    guard let number = Int(text) else { throw mistake("has \(name) \"\(text)\", which is no whole number") }
    return number
  }

  mutating func number(_ name: String) throws(HeadraceError) -> Double? {
    guard let text = take(name, positional: true) else { return nil }
    return try number(text, name)
  }

  /// `0.08...1`, or one number, which is a range without extent.
  mutating func range(_ name: String) throws(HeadraceError) -> ClosedRange<Double>? {
    guard let text = take(name, positional: true) else { return nil }
    let parts = text.split(separator: "...", omittingEmptySubsequences: false)
    var bounds: [Double] = []
    for part in parts { bounds.append(try number(part.trimmed, name)) }
    guard bounds.count <= 2, bounds[0] <= bounds[bounds.count - 1] else {
      throw mistake("has \(name) \"\(text)\", which is no range such as 0.08...1")
    }
    return bounds[0]...bounds[bounds.count - 1]
  }

  /// `0.5`, or `0.5/0.4/0.3`.
  mutating func numbers(_ name: String) throws(HeadraceError) -> [Float]? {
    guard let text = take(name, positional: true) else { return nil }
    var numbers: [Float] = []
    for part in text.split(separator: "/", omittingEmptySubsequences: false) {
      numbers.append(Float(try number(part.trimmed, name)))
    }
    return numbers
  }

  mutating func kernel() throws(HeadraceError) -> ResizeKernel {
    var kernel = ResizeKernel(interpolation: .bilinear, antialias: true)
    if let text = take("interpolation", positional: false) {
      guard let interpolation = Interpolation(rawValue: text) else {
        let names = Interpolation.allCases.map(\.rawValue).joined(separator: ", ")
        throw mistake("has interpolation \"\(text)\"; possible are \(names)")
      }
      kernel.interpolation = interpolation
    }
    if let text = take("antialias", positional: false) {
      guard let antialias = Bool(text) else { throw mistake("has antialias \"\(text)\"; possible are true and false") }
      kernel.antialias = antialias
    }
    return kernel
  }

  /// `edge`, `reflect`, `symmetric`, or a value of all channels.
  mutating func mode() throws(HeadraceError) -> PaddingMode {
    switch take("mode", positional: false) {
    case nil: return .constant(0)
    case "edge"?: return .edge
    case "reflect"?: return .reflect
    case "symmetric"?: return .symmetric
    case let text?:
      guard let value = UInt8(text) else {
        throw mistake("has mode \"\(text)\"; possible are edge, reflect, symmetric, and a value from 0 to 255")
      }
      return .constant(value)
    }
  }

  /// Whether the next argument is that word, which it is rid of then.
  mutating func take(word: String) -> Bool {
    guard places.first == word else { return false }
    places.removeFirst()
    return true
  }

  func required<Value>(_ value: Value?, _ name: String) throws(HeadraceError) -> Value {
    guard let value else { throw mistake("has no \(name)") }
    return value
  }

  /// Nothing may be left.
  func finish() throws(HeadraceError) {
    if let left = places.first ?? named.first.map({ "\($0.name)=\($0.text)" }) {
      throw mistake("has \"\(left)\", which belongs to nothing")
    }
  }

  private mutating func take(_ name: String, positional: Bool) -> String? {
    if let index = named.firstIndex(where: { $0.name == name }) { return named.remove(at: index).text }
    return positional && !places.isEmpty ? places.removeFirst() : nil
  }

  private func number(_ text: String, _ name: String) throws(HeadraceError) -> Double {
    guard let number = Double(text), number.isFinite else {
      throw mistake("has \(name) \"\(text)\", which is no number")
    }
    return number
  }

  private func mistake(_ what: String) -> HeadraceError {
    HeadraceError(.invalidArgument, "\(call.text) \(what); write it as \(form).")
  }
}
