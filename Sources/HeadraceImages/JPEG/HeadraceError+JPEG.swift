import HeadraceCore

extension HeadraceError {
  /// A file that ends too early.
  static func cutJPEG(at offset: Int) -> HeadraceError {
    HeadraceError(
      .malformedImage,
      "The JPEG file is cut: input ended at byte \(offset), before the end of the image; fetch or write it again.")
  }

  /// A file that breaks the format.
  static func damagedJPEG(at offset: Int, of count: Int, _ text: String) -> HeadraceError {
    HeadraceError(
      .malformedImage,
      "The JPEG file is damaged at or before byte \(offset) of \(count): \(text); "
        + "fetch or write it again, or leave it out.")
  }

  /// A file of a kind that is rare enough to have no decoder here.
  static func unsupportedJPEG(_ text: String) -> HeadraceError {
    HeadraceError(
      .malformedImage,
      "The JPEG file is of a kind that is not read: \(text); write it anew as baseline or progressive, of 8 bits and "
        + "1, 3 or 4 components, or leave it out.")
  }
}
