/// How often each value occurs.
struct Counts<Value: Hashable>: Equatable {
  private var counts: [Value: Int] = [:]

  init(_ values: [Value]) {
    for value in values { counts[value, default: 0] += 1 }
  }

  func isContained(in other: Counts) -> Bool {
    counts.allSatisfy { $0.value <= other.counts[$0.key, default: 0] }
  }
}
