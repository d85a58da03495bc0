extension PaddingMode {
  /// The pixel of a line of `count`, at least 1, that stands at `index`, which may lie outside: itself inside; nil
  /// where a constant stands there.
  ///
  /// Where the line is shorter than what lies beyond it, it is mirrored again and again; mirrored without its edge, a
  /// line of one pixel repeats it.
  @inline(__always)
  func index(_ index: Int, of count: Int) -> Int? {
    if index >= 0 && index < count { return index }
    switch self {
    case .constant: return nil
    case .edge: return index < 0 ? 0 : count - 1
    case .reflect:
      guard count > 1 else { return 0 }
      let place = Self.modulo(index, 2 * count - 2)
      return place < count ? place : 2 * count - 2 - place
    case .symmetric:
      let place = Self.modulo(index, 2 * count)
      return place < count ? place : 2 * count - 1 - place
    }
  }

  private static func modulo(_ number: Int, _ period: Int) -> Int {
    let rest = number % period
    return rest < 0 ? rest + period : rest
  }
}
