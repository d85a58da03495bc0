import HeadraceCore
import HeadraceImages

/// One tensor of a batch, the field of the records that it comes from, and what decodes it.
public struct Column: Sendable {
  /// The name of a stage that decodes, unless it is given another. Random choices depend on it.
  public static let stageName = "decode"

  /// What one sample contributes.
  public let tensor: TensorSpec
  /// Names of the field: the first that a record has is taken, such as `png` of some and `jpg` of others.
  public let fields: [String]
  /// What fills the tensor.
  public let decoder: any FieldDecoder
  /// Columns of the same number draw the same random numbers for a sample. An image and its mask are cropped alike as
  /// long as all that stands before the crop in their two lists draws alike: put what the image has alone, such as
  /// colors, behind what they share. For two views of one image give them different ones.
  public let stream: Int

  /// Describes a column; mistakes are reported when a pipeline that uses it is planned.
  public init(_ tensor: TensorSpec, from fields: String..., decoder: any FieldDecoder, stream: Int = 0) {
    self.init(tensor, from: fields, decoder: decoder, stream: stream)
  }

  /// The same from a list of names.
  public init(_ tensor: TensorSpec, from fields: [String], decoder: any FieldDecoder, stream: Int = 0) {
    self.tensor = tensor
    self.fields = fields
    self.decoder = decoder
    self.stream = stream
  }

  /// Images: PNG, JPEG or WebP, whatever the name of the field says.
  ///
  /// The tensor has the size that the decoder's transforms make of every image, `[height, width, channels]` or
  /// `[channels, height, width]`.
  ///
  /// - Throws: `invalidPipeline` where no transform fixes the size; then give the `TensorSpec` yourself.
  public static func image(
    _ name: String, from fields: String..., dtype: DType = .uint8, decoder: ImageDecoder, stream: Int = 0
  ) throws(HeadraceError) -> Column {
    Column(try decoder.tensorSpec(name, dtype), from: fields, decoder: decoder, stream: stream)
  }

  /// Whole numbers in decimal digits, such as class labels: one int64.
  public static func integer(_ name: String, from field: String) -> Column {
    Column(TensorSpec(name, .int64), from: field, decoder: IntegerDecoder())
  }

  /// Class labels in decimal digits as shares of all classes: a float32 for each, 1 for the sample's and 0 for the
  /// others.
  public static func oneHot(_ name: String, from field: String, classes: Int) -> Column {
    Column(TensorSpec(name, .float32, shape: [classes]), from: field, decoder: OneHotDecoder(classes: classes))
  }
}
