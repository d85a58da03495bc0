extension FixedWidthInteger {
  /// How far this is beyond an earlier look at the same counter; 0 where it is behind. Parts of a sum that move from
  /// one place to another can be missing for a moment.
  func beyond(_ earlier: Self) -> Self { self > earlier ? self - earlier : 0 }
}
