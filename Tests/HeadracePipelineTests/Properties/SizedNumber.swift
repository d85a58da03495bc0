import HeadraceCore

/// A number that says how many bytes it holds: around a bound, which three numbers in eight reach alone. Its life is
/// counted.
final class SizedNumber: ByteCountable, Sendable {
  let number: Int
  /// That it is to be held against.
  let bound: Int
  private let live: LiveBytes

  init(number: Int, bound: Int, live: LiveBytes) {
    self.number = number
    self.bound = bound
    self.live = live
    live.add(byteCount)
  }

  deinit { live.add(-byteCount) }

  var byteCount: Int { Self.byteCount(of: number, bound: bound) }

  static func byteCount(of number: Int, bound: Int) -> Int {
    let sizes = [0, 1, bound / 10, bound / 3, bound - 1, bound, bound + 1, 3 * bound]
    return sizes[FaultRule(salt: 1).choice(number, below: sizes.count)]
  }

  func changed(by salt: Int) -> SizedNumber {
    SizedNumber(number: number.changed(by: salt), bound: bound, live: live)
  }
}
