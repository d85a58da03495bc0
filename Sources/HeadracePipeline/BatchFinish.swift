import HeadraceCore

/// What is done to a batch as a whole, once all its rows are written and before it is handed on.
package struct BatchFinish: Sendable {
  /// Finds mistakes before the start, such as a tensor that the batch does not have.
  let validate: @Sendable (BatchSpec) throws(HeadraceError) -> Void
  /// Changes the batch in its memory. Batches may be finished side by side.
  let run: @Sendable (inout FilledBatch) throws(HeadraceError) -> Void

  package init(
    validate: @escaping @Sendable (BatchSpec) throws(HeadraceError) -> Void,
    run: @escaping @Sendable (inout FilledBatch) throws(HeadraceError) -> Void
  ) {
    self.validate = validate
    self.run = run
  }
}
