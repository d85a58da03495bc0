extension PNG {
  /// The orientation in the eXIf chunk, if it comes before the pixels; `topLeft` where there is none or it is damaged.
  ///
  /// See https://www.w3.org/TR/png-3/#eXIf
  ///
  /// - Complexity: O(chunks before the pixels + bytes of the eXIf chunk).
  static func orientation(in bytes: Span<UInt8>) -> ImageOrientation {
    var position = 8
    while let chunk = PNGChunk(bytes, at: position), chunk.kind != .data, chunk.kind != .end {
      if chunk.kind == .exif {
        return chunk.isIntact(in: bytes) ? ExifOrientation.read(bytes.extracting(chunk.data)) : .topLeft
      }
      position = chunk.end
    }
    return .topLeft
  }
}
