/// How rows of different shapes are made equal: which dimensions, up to where, and with what.
public struct Padding: Hashable, Sendable {
  /// How far the rows of a batch are filled up.
  public enum Extent: Hashable, Sendable {
    /// To the longest row of the batch, each dimension for itself.
    case longest
    /// To the next multiple of so many elements, from the longest row of the batch on: few shapes for a compiler,
    /// lengths that suit the hardware.
    case multiple(of: Int)
    /// To the extent in the `TensorSpec`: every batch has the same shape.
    case maximum
  }

  /// How a batch tells what a sample has written from what is padding.
  public enum Validity: Hashable, Sendable {
    /// A tensor `NAME.lengths` of int32: for each row its extent, or one for each dimension that differs.
    case lengths
    /// A tensor `NAME.mask` of bool, with the dimensions that differ: true where a sample has written.
    case mask
  }

  /// The dimensions of a row in which rows differ, ascending; 0 is the first behind the batch's.
  public var dimensions: [Int]
  /// What is written behind the elements of a sample. The dtype must be able to hold it.
  public var value: Double
  /// How far rows are filled up.
  public var extent: Extent
  /// How a batch tells what is padding.
  public var validity: Validity

  /// Describes a padding; mistakes are found when a pipeline that uses it is planned.
  public init(
    dimensions: [Int] = [0], value: Double = 0, extent: Extent = .longest, validity: Validity = .lengths
  ) {
    self.dimensions = dimensions
    self.value = value
    self.extent = extent
    self.validity = validity
  }

  /// The extent that the rows of a batch get in one dimension.
  ///
  /// - Parameters:
  ///   - longest: the largest extent of a row of the batch; up to `maximum`.
  ///   - maximum: the extent in the `TensorSpec`.
  package func extent(longest: Int, maximum: Int) -> Int {
    switch extent {
    case .longest: longest
    case .multiple(let unit): (longest + unit - 1) / unit * unit
    case .maximum: maximum
    }
  }
}
