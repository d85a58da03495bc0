import HeadraceCore

/// What a decoder accepts before it allocates or writes anything.
///
/// A header of a few bytes can announce gigabytes; a loader that reads files of others refuses it from the header.
///
/// Memory beside the pixels that a decode makes, in bytes for each pixel of the image as stored: PNG up to as many as
/// it has channels; JPEG of one scan none, but for a few rows; JPEG of several scans, such as progressive, 2 for each
/// sample: 3 for 4:2:0, 6 for three components that are not subsampled, 8 for four inks; WebP up to 4. The standard
/// limit so stands for 540 MB at most, and for 720 MB with inks. Weights of a resize are in proportion to a side,
/// whatever the other is: up to 12 MB for each axis under the standard limit of a side, without which a PNG file could
/// be one line of all those pixels.
///
/// A file that is too short for its pixels is refused before memory is taken for them: a PNG file has a byte for 1,032
/// bytes of them at least, a JPEG file with Huffman codes a bit for each block, unless what is missing is filled in.
/// WebP and arithmetic coding have no such bound: 40 bytes may be an image as large as the limit.
public struct DecodeLimits: Hashable, Sendable {
  /// Width times height, in pixels.
  public var maximumPixels: Int
  /// Width, or height, in pixels. JPEG files have at most 65,535, WebP files 16,384; the header of a PNG file can tell
  /// 2,147,483,647.
  public var maximumExtent: Int
  /// Scans of a JPEG file; each costs a pass over all pixels, whatever few bytes it has.
  public var maximumScans: Int

  /// Up to 89,478,485 pixels, a quarter of a gibibyte of RGB: the bound at which Pillow warns of a bomb. Up to 65,535
  /// pixels each way. Up to 100 scans: encoders make about 10.
  public static let `default` = DecodeLimits()

  /// Limits the pixels and the sides of an image, and the scans of a JPEG file; each at least 1.
  public init(maximumPixels: Int = 89_478_485, maximumExtent: Int = 65_535, maximumScans: Int = 100) {
    precondition(maximumPixels >= 1, "maximumPixels is \(maximumPixels), must be at least 1")
    precondition(maximumExtent >= 1, "maximumExtent is \(maximumExtent), must be at least 1")
    precondition(maximumScans >= 1, "maximumScans is \(maximumScans), must be at least 1")
    self.maximumPixels = maximumPixels
    self.maximumExtent = maximumExtent
    self.maximumScans = maximumScans
  }

  /// Checks the size that a header tells, of at most 2^31 - 1 pixels each way.
  ///
  /// - Throws: `limitExceeded` where there are more pixels than these limits allow, in all or each way, or their bytes
  ///   overflow an `Int`.
  func check(width: Int, height: Int) throws(HeadraceError) {
    let count = width * height
    guard count <= min(maximumPixels, Int.max / 8) else {
      throw HeadraceError(
        .limitExceeded,
        "The image is \(width)x\(height), \(count) pixels; the limit is \(maximumPixels). "
          + "Raise DecodeLimits.maximumPixels if you trust the file, or leave it out.")
    }
    guard max(width, height) <= maximumExtent else {
      throw HeadraceError(
        .limitExceeded,
        "The image is \(width)x\(height), \(max(width, height)) pixels one way; the limit is \(maximumExtent). "
          + "Raise DecodeLimits.maximumExtent if you trust the file, or leave it out.")
    }
  }
}
