import HeadraceCore

/// An 8-bit image in memory of its own: rows from the top, pixels from the left, channels interleaved.
///
/// Decode with `PNG.decode(_:into:limits:)` and its like where the size is right already: it writes straight into the
/// batch and needs no `Image`.
public struct Image: Hashable, Sendable {
  /// Width in pixels, at least 1.
  public let width: Int
  /// Height in pixels, at least 1.
  public let height: Int
  /// What a pixel is made of; 1, 3 or 4 bytes.
  public let channels: ImageChannels
  /// `height * width * channels.rawValue` bytes.
  public let pixels: [UInt8]

  /// Wraps pixels, of which there must be `width * height * channels.rawValue` bytes.
  public init(width: Int, height: Int, channels: ImageChannels, pixels: [UInt8]) {
    precondition(width >= 1 && height >= 1, "an image of \(width)x\(height) has no pixels")
    let (area, areaOverflows) = width.multipliedReportingOverflow(by: height)
    let (count, overflows) = area.multipliedReportingOverflow(by: channels.rawValue)
    precondition(
      !areaOverflows && !overflows && pixels.count == count,
      "an image of \(width)x\(height) \(channels) needs \(width) * \(height) * \(channels.rawValue) bytes, "
        + "got \(pixels.count)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Makes pixels by `fill`, which writes every byte of the buffer that it gets.
  ///
  /// - Throws: what `fill` throws; no byte is taken for initialized then.
  init(
    width: Int, height: Int, channels: ImageChannels,
    _ fill: (UnsafeMutableBufferPointer<UInt8>) throws(HeadraceError) -> Void
  ) throws(HeadraceError) {
    let count = width * height * channels.rawValue
    var failure: HeadraceError?
    let pixels = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      do throws(HeadraceError) {
        try unsafe fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initializedCount = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }
}

extension Image: CustomStringConvertible {
  /// For example `256x192 rgb`.
  public var description: String { "\(width)x\(height) \(channels)" }
}
