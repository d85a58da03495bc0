import HeadraceCore
import HeadraceImages
import HeadraceShards

/// An image on its way through a pipeline, with the record that it came from.
public struct DecodedImage: Sendable, SampleIdentifiable, ByteCountable {
  /// The pixels, as the stages so far have made them.
  public var image: Image
  /// Where it came from, with its other fields, such as the label.
  public let record: Record

  /// That of the record.
  public var sampleID: SampleID { record.sampleID }

  /// Bytes of the pixels, and of the record's fields in memory.
  public var byteCount: Int { image.byteCount + record.byteCount }
}
