/// Counts durations in buckets of 1/16 of their size, so that any percentile is known within 7 %.
///
/// Buckets: after G. Tene's HdrHistogram, with four bits of precision.
struct DurationHistogram: Sendable, Hashable {
  private static let subBucketBits = 4
  private static let subBuckets = 1 << subBucketBits
  /// Empty until the first is counted: most are never used.
  private var counts: [UInt64] = []
  private(set) var total: UInt64 = 0

  mutating func record(nanoseconds: UInt64, count: Int = 1) {
    if counts.isEmpty { counts = Array(repeating: 0, count: 64 * Self.subBuckets) }
    counts[Self.bucket(nanoseconds)] += UInt64(count)
    total += UInt64(count)
  }

  /// The duration in nanoseconds that a share of all does not exceed; 0 if there is none.
  func percentile(_ share: Double) -> UInt64 {
    guard total > 0 else { return 0 }
    let rank = max(1, UInt64((share * Double(total)).rounded(.up)))
    var seen: UInt64 = 0
    for (bucket, count) in counts.enumerated() where count > 0 {
      seen += count
      if seen >= rank { return Self.middle(bucket) }
    }
    return 0
  }

  static func + (left: DurationHistogram, right: DurationHistogram) -> DurationHistogram {
    if left.counts.isEmpty { return right }
    var sum = left
    for (bucket, count) in right.counts.enumerated() where count > 0 { sum.counts[bucket] += count }
    sum.total += right.total
    return sum
  }

  /// What was counted on top of an earlier look.
  func since(_ earlier: DurationHistogram) -> DurationHistogram {
    if earlier.counts.isEmpty { return self }
    var rest = self
    if counts.isEmpty { return self }
    for (bucket, count) in earlier.counts.enumerated() where count > 0 {
      rest.counts[bucket] = counts[bucket].beyond(count)
    }
    rest.total = total.beyond(earlier.total)
    return rest
  }

  private static func bucket(_ value: UInt64) -> Int {
    guard value >= UInt64(subBuckets) else { return Int(value) }
    let exponent = 63 - value.leadingZeroBitCount
    let mantissa = Int(value >> UInt64(exponent - subBucketBits)) - subBuckets
    return (exponent - subBucketBits + 1) * subBuckets + mantissa
  }

  private static func middle(_ bucket: Int) -> UInt64 {
    guard bucket >= subBuckets else { return UInt64(bucket) }
    let shift = UInt64(bucket / subBuckets - 1)
    let low = UInt64(subBuckets + bucket % subBuckets) << shift
    return low + (UInt64(1) << shift) / 2
  }
}
