import Headrace

/// Decodes one field of a record into its tensor.
struct ImageColumn: Sendable {
  let column: ColumnMapping.Column
  let decoder: ImageDecoder
  /// The sample whose size all others must have, and that; nil where transforms make all images alike.
  let reference: (sample: SampleID, size: ImageSize)?
  let seed: UInt64

  /// Decodes straight into the row.
  func write(_ record: Record, _ row: inout Row) throws {
    let bytes = try record.bytes(column.field(of: record))
    if let reference { try check(bytes, reference.sample, reference.size, record) }
    var random = row.context.random(seed: seed, sample: record.sampleID)
    try decoder.decode(bytes.span, into: try row.tensor(column.tensor), random: &random)
  }

  private func check(_ bytes: [UInt8], _ sample: SampleID, _ size: ImageSize, _ record: Record) throws {
    let header = try ImageHeader(of: bytes.span)
    let actual = ImageSize(width: header.width, height: header.height)
    guard actual != size else { return }
    throw HeadraceError(
      .wrongType,
      "Image \(record.sampleID.key) is \(actual), but \(sample.key), the first, is \(size); give --size WIDTHxHEIGHT"
        + " to resize all images.", sample: record.sampleID)
  }
}
