import HeadraceCore

extension Batch {
  /// A ragged tensor, row by row.
  ///
  /// ```swift
  /// let tokens = try batch.ragged("tokens", as: Int32.self)
  /// for row in 0..<batch.count { print(tokens[row].count) }
  /// ```
  ///
  /// - Parameter name: that of the `TensorSpec`; the batch holds it as `NAME.offsets` and `NAME.values`.
  /// - Throws: `noSuchTensor`, naming those that exist; `wrongType` when its dtype is not `Element`'s;
  ///   `incompatibleRing` when the offsets are not ascending or do not end with the values; `forkUnsafe` in a process
  ///   that was forked since.
  /// - Complexity: O(rows), since the offsets are checked: a view of the slot, without a copy.
  @_lifetime(borrow self)
  public func ragged<Element: TensorElement>(
    _ name: String, as _: Element.Type
  ) throws(HeadraceError) -> RaggedTensor<Element> {
    guard tensors.contains(where: { $0.role == .offsets && $0.name == "\(name).offsets" }) else {
      let names = tensors.filter { $0.role == .offsets }.map { "\"\($0.name.dropLast(8))\"" }
      let plain = tensors.contains { $0.name == name } ? "; it has a tensor of that name, for tensor(_:as:)" : ""
      throw HeadraceError(
        .noSuchTensor,
        "The batch has no ragged tensor \"\(name)\"\(plain); those that it has: "
          + "\(names.isEmpty ? "none" : names.joined(separator: ", ")).")
    }
    let offsets = try tensor("\(name).offsets", as: Int64.self)
    let values = try tensor("\(name).values", as: Element.self)
    let shape = try shape(of: "\(name).values")
    guard let tensor = RaggedTensor(values, offsets, shape) else {
      throw HeadraceError(
        .incompatibleRing,
        "The offsets of tensor \"\(name)\" do not lead from 0 to its \(shape[0]) values; the memory was overwritten.")
    }
    return unsafe _overrideLifetime(tensor, borrowing: self)
  }
}
