/// What a batch holds: how many samples, and the tensors that each of them fills a row of.
public struct BatchSpec: Hashable, Sendable {
  /// Samples in a full batch.
  public var size: Int
  /// The tensors in the order in which a batch lists them; 1 to 16, each with a name of its own. Those whose rows
  /// differ in shape count twice, since a batch holds two tensors of each.
  public var tensors: [TensorSpec]

  /// Describes batches of `size` samples; mistakes are reported when a pipeline that uses it is planned.
  public init(size: Int, _ tensors: TensorSpec...) {
    self.init(size: size, tensors: tensors)
  }

  /// The same from a list, for tensors that are known only when the program runs.
  public init(size: Int, tensors: [TensorSpec]) {
    self.size = size
    self.tensors = tensors
  }

  /// The largest number of tensors that a batch can hold.
  public static let maximumTensorCount = 16
  /// The longest name of a tensor, in bytes of UTF-8.
  public static let maximumNameByteCount = 47
  /// The largest number of dimensions of one sample; the batch dimension comes on top.
  public static let maximumRank = 6
  /// The largest number of samples in a batch.
  public static let maximumSize = 1 << 20

  /// Checks sizes, names and shapes.
  ///
  /// - Throws: `invalidPipeline`, naming the tensor and the value.
  public func validate() throws(HeadraceError) {
    func fail(_ message: String) -> HeadraceError { HeadraceError(.invalidPipeline, message) }
    guard (1...Self.maximumSize).contains(size) else {
      throw fail("A batch of \(size) samples is not possible; BatchSpec.size must be 1 to \(Self.maximumSize).")
    }
    guard !tensors.isEmpty else { throw fail("A BatchSpec needs at least one TensorSpec; this one has none.") }
    let names = tensors.flatMap(\.tensorNames)
    guard names.count <= Self.maximumTensorCount else {
      throw fail("A batch holds at most \(Self.maximumTensorCount) tensors; this BatchSpec has \(names.count).")
    }
    var seen = Set<String>()
    for tensor in tensors {
      guard (1...Self.maximumNameByteCount).contains(tensor.name.utf8.count) else {
        throw fail("Tensor name \"\(tensor.name)\" must have 1 to \(Self.maximumNameByteCount) bytes of UTF-8.")
      }
      guard seen.insert(tensor.name).inserted else {
        throw fail("Two tensors of the BatchSpec are named \"\(tensor.name)\"; rename one.")
      }
      guard tensor.shape.count <= Self.maximumRank, tensor.shape.allSatisfy({ $0 > 0 }) else {
        throw fail(
          "Tensor \(tensor) needs at most \(Self.maximumRank) dimensions, each of at least 1.")
      }
      func checkSize(_ shape: [Int]) throws(HeadraceError) {
        var product = tensor.dtype.byteCount
        for extent in shape + [size] {
          let (next, overflow) = product.multipliedReportingOverflow(by: extent)
          guard !overflow, next < 1 << 46 else {
            throw fail("Tensor \(tensor) in batches of \(size) exceeds the address space; lower its shape or the size.")
          }
          product = next
        }
      }
      try checkSize(tensor.shape)
      if let mistake = tensor.layoutMistake(rows: size) { throw fail("\(mistake).") }
      try checkSize(tensor.paddedShape(tensor.shape))
    }
    // A tensor may also have the name of another's lengths.
    var listed = Set<String>()
    for name in names {
      guard name.utf8.count <= Self.maximumNameByteCount else {
        throw fail(
          "The name \"\(name)\" has more than \(Self.maximumNameByteCount) bytes of UTF-8; shorten that of its tensor.")
      }
      guard listed.insert(name).inserted else {
        throw fail("Two tensors of a batch would be named \"\(name)\"; rename one.")
      }
    }
  }

  /// The place of a tensor in `tensors`.
  ///
  /// - Throws: `noSuchTensor`, naming those that exist.
  package func index(of name: String) throws(HeadraceError) -> Int {
    guard let index = tensors.firstIndex(where: { $0.name == name }) else {
      let names = tensors.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw HeadraceError(.noSuchTensor, "The batch has no tensor \"\(name)\"; its BatchSpec has \(names).")
    }
    return index
  }
}
