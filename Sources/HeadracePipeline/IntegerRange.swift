/// A range of integers, whose `count` traps where it has more of them than an `Int` can say.
protocol IntegerRange {
  /// How many there are; nil for more than an `Int` can say.
  var exactCount: Int? { get }
}

extension Range: IntegerRange where Bound: FixedWidthInteger {
  var exactCount: Int? { lowerBound.distance(upTo: upperBound) }
}

extension ClosedRange: IntegerRange where Bound: FixedWidthInteger {
  var exactCount: Int? {
    guard let (count, overflow) = lowerBound.distance(upTo: upperBound)?.addingReportingOverflow(1) else { return nil }
    return overflow ? nil : count
  }
}

extension FixedWidthInteger {
  /// The difference to one that is not smaller; nil if it is more than an `Int` can say.
  fileprivate func distance(upTo other: Self) -> Int? {
    Int(exactly: Magnitude(truncatingIfNeeded: other) &- Magnitude(truncatingIfNeeded: self))
  }
}
