import HeadraceCore

extension Image: ByteCountable {
  /// Bytes of the pixels.
  public var byteCount: Int { pixels.count }
}

extension Image: Storable {
  /// Appends width, height and channels, 4 bytes each, then the pixels.
  ///
  /// - Throws: `limitExceeded` if a side has more than 2,147,483,647 pixels.
  public func store(into bytes: inout [UInt8]) throws {
    guard width <= Int32.max, height <= Int32.max else {
      throw HeadraceError(
        .limitExceeded, "An image of \(self) is stored with 2147483647 pixels a side at most; cut it.")
    }
    for number in [width, height, channels.rawValue] { UInt32(number).store(into: &bytes) }
    try pixels.store(into: &bytes)
  }

  /// Makes the image again.
  ///
  /// - Throws: `malformedCache` for bytes that are no image.
  public init(storedBytes: Span<UInt8>) throws {
    guard storedBytes.count >= 12 else {
      throw HeadraceError.unstorable("A stored Image has at least 12 bytes, here are \(storedBytes.count)")
    }
    let width = Int(try UInt32(storedBytes: storedBytes.extracting(0..<4)))
    let height = Int(try UInt32(storedBytes: storedBytes.extracting(4..<8)))
    let depth = Int(try UInt32(storedBytes: storedBytes.extracting(8..<12)))
    // Two numbers of 32 bits: their product fits, and so it does times four.
    guard width >= 1, height >= 1, width <= Int32.max, height <= Int32.max,
      let channels = ImageChannels(rawValue: depth), storedBytes.count - 12 == width * height * depth
    else {
      throw HeadraceError.unstorable(
        "A stored Image of \(width)x\(height) pixels of \(depth) bytes does not have \(storedBytes.count - 12) of them")
    }
    self.init(
      width: width, height: height, channels: channels, pixels: try [UInt8](storedBytes: storedBytes.extracting(12...)))
  }

  /// One file: `png`.
  ///
  /// - Throws: as `PNG.encode(_:compression:)`.
  public func inspectableFiles() throws -> [(name: String, bytes: [UInt8])] {
    [("png", try PNG.encode(self, compression: 1))]
  }
}
