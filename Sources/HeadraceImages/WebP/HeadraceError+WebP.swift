import CWebP
import HeadraceCore

extension HeadraceError {
  /// A file that ends too early.
  static func cutWebP(at offset: Int) -> HeadraceError {
    HeadraceError(
      .malformedImage,
      "The WebP file is cut: input ended at byte \(offset), before the end of the image; fetch or write it again.")
  }

  /// What libwebp says of a file of `count` bytes that it does not decode; it tells no place.
  static func failedWebP(_ status: VP8StatusCode, of count: Int) -> HeadraceError {
    switch status {
    case VP8_STATUS_OUT_OF_MEMORY:
      HeadraceError(.outOfMemory, "No memory for libwebp's buffers; lower the stage's concurrency.")
    case VP8_STATUS_NOT_ENOUGH_DATA: damagedWebP(of: count, "its data ends before the pixels do")
    case VP8_STATUS_UNSUPPORTED_FEATURE: damagedWebP(of: count, "it has a feature that libwebp does not know")
    default: damagedWebP(of: count, "libwebp finds an error in the bitstream")
    }
  }

  private static func damagedWebP(of count: Int, _ text: String) -> HeadraceError {
    HeadraceError(
      .malformedImage,
      "The WebP file of \(count) bytes is damaged: \(text); fetch or write it again, or leave it out.")
  }
}
