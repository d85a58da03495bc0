import Headrace

/// What a measurement is to reach, and what it reached.
struct Bar {
  let claim: String
  let value: String
  let isMet: Bool

  /// One line; a bar that is missed has beside it how busy the machine was, which may be why.
  ///
  /// - Parameters:
  ///   - load: processes that ran or wanted to, averaged over the last minute; nil if it is not known.
  ///   - cores: processors that this process may use.
  func text(load: Double?, cores: Int) -> String {
    guard !isMet else { return "met \(claim): \(value)" }
    let note = load.map {
      " (load average \(HumanUnits.decimal($0, places: 1)) on \(HumanUnits.count(cores, "core")), this bench included)"
    }
    return "MISSED \(claim): \(value)\(note ?? "")"
  }
}
