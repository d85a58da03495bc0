import Headrace

/// Decodes one field of a record into its tensor.
struct ImageColumn: Sendable {
  let tensor: String
  let field: String
  let size: ImageSize
  let channels: ImageChannels
  /// The sample whose size all others must have; nil when images are resized.
  let reference: SampleID?

  /// Decodes straight into the row; only an image that has to be resized takes memory of its own.
  func write(_ record: Record, _ row: inout Row) throws {
    let bytes = try record.bytes(field)
    let header = try PNG.header(of: bytes)
    let actual = ImageSize(width: header.width, height: header.height)
    if actual == size {
      try PNG.decode(bytes, into: try row.tensor(tensor))
    } else if let reference {
      throw HeadraceError(
        .wrongType,
        "Image \(record.sampleID.key) is \(actual), but \(reference.key), the first, is \(size); give --size WIDTHxHEIGHT"
          + " to resize all images.", sample: record.sampleID)
    } else {
      try PNG.decode(bytes, channels: channels).resize(into: try row.tensor(tensor))
    }
  }
}
