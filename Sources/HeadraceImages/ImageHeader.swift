import HeadraceCore

/// What the header of an image file of any known format says about it.
public struct ImageHeader: Hashable, Sendable {
  /// The format, found by the first bytes.
  public var format: ImageFormat
  /// Width in pixels as stored, at least 1.
  public var width: Int
  /// Height in pixels as stored, at least 1.
  public var height: Int
  /// How the image is to be turned when it is shown, from its Exif metadata; decoders here do not turn it.
  public var orientation: ImageOrientation

  /// A header with these fields, such as tests compare with; `init(of:)` reads one.
  public init(format: ImageFormat, width: Int, height: Int, orientation: ImageOrientation = .topLeft) {
    self.format = format
    self.width = width
    self.height = height
    self.orientation = orientation
  }

  /// Reads the header of a PNG, JPEG or WebP file, of which no pixel is looked at.
  ///
  /// - Throws: `malformedImage` when the bytes are of no format that is known, with the first of them, or the header is
  ///   cut or damaged.
  /// - Complexity: O(markers or chunks of the file).
  public init(of bytes: Span<UInt8>) throws(HeadraceError) {
    switch ImageFormat(bytes) {
    case .png:
      let header = try PNG.header(of: bytes)
      self.init(
        format: .png, width: header.width, height: header.height, orientation: PNG.orientation(in: bytes))
    case .jpeg:
      let header = try JPEG.header(of: bytes)
      self.init(format: .jpeg, width: header.width, height: header.height, orientation: header.orientation)
    case .webp:
      let header = try WebP.header(of: bytes)
      self.init(format: .webp, width: header.width, height: header.height, orientation: header.orientation)
    case nil:
      if ImageFormat.isCut(bytes) {
        throw HeadraceError(
          .malformedImage,
          "The image file is cut: input ended at byte \(bytes.count), before its format is known; "
            + "fetch or write it again.")
      }
      let formats = ImageFormat.allCases.map(\.rawValue).joined(separator: ", ")
      throw HeadraceError(
        .malformedImage,
        "Not an image file of a known format (\(formats)): it starts \(FirstBytes.text(of: bytes)); "
          + "check which field or file this is, convert it, or leave it out.")
    }
  }
}
