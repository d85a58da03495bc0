/// What a measurement is to reach, and what it reached.
struct Bar: CustomStringConvertible {
  let claim: String
  let value: String
  let isMet: Bool

  var description: String { "\(isMet ? "met " : "MISSED") \(claim): \(value)" }
}
