/// What a tensor of a batch has along its first dimension.
public enum TensorRole: UInt16, Hashable, Sendable {
  // Raw values are part of the ring's published format: never renumber.
  /// One entry for each row of the batch.
  case rows = 0
  /// Of a ragged tensor: where each row begins among the values, and where the last ends; one entry more than rows.
  case offsets = 1
  /// Of a ragged tensor: the values of all rows one behind the other, as many as there are.
  case values = 2
}
