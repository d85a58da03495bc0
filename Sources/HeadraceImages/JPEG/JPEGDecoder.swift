import CHeadraceJPEG
import HeadraceCore

/// libjpeg at work on one file: started once, then read.
///
/// There is a new one for each file, since libjpeg keeps tables from file to file: one that lacks its own would be
/// decoded with those of another.
@safe
struct JPEGDecoder: ~Copyable {
  private let decoder: OpaquePointer
  private let byteCount: Int

  /// Reads `bytes`, which must outlive it, as far as the first row of the box in `request`.
  ///
  /// - Throws: as `JPEG.decode(_:channels:truncation:limits:)`.
  static func start(
    _ bytes: UnsafeBufferPointer<UInt8>, _ request: headrace_jpeg_request
  ) throws(HeadraceError) -> JPEGDecoder {
    guard let decoder = unsafe headrace_jpeg_create() else { throw noMemory }
    let result = unsafe JPEGDecoder(decoder: decoder, byteCount: bytes.count)
    var request = request
    unsafe try result.check(headrace_jpeg_start(decoder, bytes.baseAddress, bytes.count, &request))
    return result
  }

  private init(decoder: OpaquePointer, byteCount: Int) {
    unsafe self.decoder = decoder
    self.byteCount = byteCount
  }

  deinit { unsafe headrace_jpeg_destroy(decoder) }

  /// Decodes the rows of the box, `stride` bytes apart; once.
  func read(into rows: UnsafeMutablePointer<UInt8>, stride: Int) throws(HeadraceError) {
    unsafe try check(headrace_jpeg_read(decoder, rows, stride))
  }

  /// Who has decoded the entropy-coded data.
  var entropyDecoder: JPEGEntropyDecoder {
    switch Int(unsafe headrace_jpeg_entropy(decoder)) {
    case Int(HEADRACE_JPEG_ENTROPY_OWN): .own
    case Int(HEADRACE_JPEG_ENTROPY_LEFT_TO_LIBRARY): .leftToLibrary
    default: .library
    }
  }

  /// Reads to the end of the image, if its last row has been read.
  func finish() throws(HeadraceError) {
    unsafe try check(headrace_jpeg_finish(decoder))
  }

  private static var noMemory: HeadraceError {
    HeadraceError(.outOfMemory, "No memory for libjpeg's buffers; lower the stage's concurrency.")
  }

  private func check(_ status: Int32) throws(HeadraceError) {
    if status == Int32(HEADRACE_JPEG_OK) { return }
    let offset = unsafe headrace_jpeg_offset(decoder)
    let text = unsafe String(cString: headrace_jpeg_text(decoder))
    switch Int(status) {
    case Int(HEADRACE_JPEG_ENDED): throw HeadraceError.cutJPEG(at: offset)
    case Int(HEADRACE_JPEG_UNSUPPORTED): throw HeadraceError.unsupportedJPEG(text)
    case Int(HEADRACE_JPEG_NO_MEMORY): throw Self.noMemory
    case Int(HEADRACE_JPEG_OTHER_SIZE):
      throw HeadraceError.damagedJPEG(at: offset, of: byteCount, "a second frame header has the size \(text)")
    case Int(HEADRACE_JPEG_TOO_MANY_SCANS):
      throw HeadraceError(
        .limitExceeded,
        "The JPEG file has more scans than the limit, each of which costs a pass over all pixels; "
          + "raise DecodeLimits.maximumScans if you trust the file, or leave it out.")
    default: throw HeadraceError.damagedJPEG(at: offset, of: byteCount, text)
    }
  }
}
