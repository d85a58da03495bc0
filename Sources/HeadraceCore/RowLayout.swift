/// How the rows of a tensor lie in a batch, which decides whether they may differ in shape.
public enum RowLayout: Hashable, Sendable {
  /// All rows have the shape of the `TensorSpec`. A sample is written straight into its place.
  case fixed
  /// Rows may be smaller in some dimensions. All get the extents of the batch, and what a sample does not fill is
  /// padding.
  indirect case padded(Padding)
  /// Rows may be smaller in the first dimension, and follow one another without padding; a second tensor tells where
  /// each of them begins.
  case ragged
}
